package dev.dormouse.ingest;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to import from an MLflow tracking server.
 *
 * @param server e.g. {@code http://127.0.0.1:5000}
 * @param experiments names; if there are none, all but those that Dormouse itself publishes to
 * @param mapping YAML file that says what of a run is what; without one it is guessed
 * @param label value of column {@code source}
 * @param pageSize runs that are fetched and committed together
 * @param full whether to look at all runs again, not only at those that ended since the last import
 * @param direction what the command line states of the metric's direction
 */
public record MlflowRequest(
    URI server,
    List<String> experiments,
    Optional<Path> mapping,
    String label,
    int pageSize,
    boolean full,
    DirectionOption direction) {
  /** A page is held in memory and costs a few commits. */
  public static final int PAGE_SIZE = 500;

  /** A request that states no direction. */
  public MlflowRequest(
      URI server,
      List<String> experiments,
      Optional<Path> mapping,
      String label,
      int pageSize,
      boolean full) {
    this(server, experiments, mapping, label, pageSize, full, DirectionOption.NONE);
  }

  public MlflowRequest {
    experiments = List.copyOf(experiments);
    if (pageSize < 1) {
      throw new IllegalArgumentException("A page has at least one run, not " + pageSize);
    }
  }

  /**
   * The address of a server.
   *
   * @throws ImportException if the text is not one; passwords have no place in it
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
