package dev.dormouse.ingest;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Says what to import from an MLflow tracking server.
 *
 * @param server e.g. {@code http://127.0.0.1:5000}
 * @param experiments names; if empty, all but those that Dormouse itself publishes to
 * @param mapping YAML file that maps a run's fields to columns; if empty, the mapping is guessed
 * @param label value of column {@code source}
 * @param pageSize number of runs that are fetched and committed together
 * @param full whether to read all runs again, not only those that ended since the last import
 * @param direction the direction of the metric that the command line states
 */
public record MlflowImportRequest(
    URI server,
    List<String> experiments,
    Optional<Path> mapping,
    String label,
    int pageSize,
    boolean full,
    DirectionOption direction) {
  /** The usual page size. A page is held in memory and costs a few commits. */
  public static final int PAGE_SIZE = 500;

  /** A request that states no direction. */
  public MlflowImportRequest(
      URI server,
      List<String> experiments,
      Optional<Path> mapping,
      String label,
      int pageSize,
      boolean full) {
    this(server, experiments, mapping, label, pageSize, full, DirectionOption.NONE);
  }

  public MlflowImportRequest {
    experiments = List.copyOf(experiments);
    if (pageSize < 1) {
      throw new IllegalArgumentException("pageSize must be at least 1, not " + pageSize);
    }
  }

  /**
   * Parses the URL of a server.
   *
   * @throws ImportException if the text is no such URL, or contains a password
   */
  public static URI server(String text) {
    try {
      URI uri = new URI(text.replaceAll("/+$", ""));
      if (text.matches("https?://[^@?#]+") && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw notAServer(text, e);
    }
    throw notAServer(text, null);
  }

  private static ImportException notAServer(String text, URISyntaxException cause) {
    return new ImportException(
        "'" + text + "' is not the URL of an MLflow server, such as http://127.0.0.1:5000", cause);
  }
}
