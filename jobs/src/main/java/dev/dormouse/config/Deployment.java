package dev.dormouse.config;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Where things are: one properties file a deployment, {@code dormouse.properties}. Secrets never
 * stand in it.
 *
 * @param lake the lake's directory
 * @param workDir where local trainings have their run directories
 * @param mlflow tracking server, if results are to be published
 */
public record Deployment(Path lake, Path workDir, Optional<URI> mlflow) {
  private static final List<String> KEYS = List.of("lake", "work.dir", "mlflow.uri");

  /** Everything below {@code .dormouse} in the current directory, no tracking server. */
  public static Deployment defaults() {
    return new Deployment(
        Path.of(".dormouse", "lake"), Path.of(".dormouse", "work"), Optional.empty());
  }

  /**
   * Reads a properties file; relative paths start from its directory.
   *
   * @throws BadInputException if it cannot be read, has unknown keys or bad values
   */
  public static Deployment read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new BadInputException(
          List.of(
              new Problem(
                  file.toString(),
                  0,
                  "",
                  "cannot be read as a properties file: " + e.getMessage())));
    }
    List<Problem> problems = new ArrayList<>();
    for (String key : properties.stringPropertyNames()) {
      if (!KEYS.contains(key)) {
        problems.add(
            new Problem(
                file.toString(), 0, key, "is unknown; known keys are " + String.join(", ", KEYS)));
      }
    }
    Optional<URI> mlflow = Optional.empty();
    String uri = properties.getProperty("mlflow.uri", "").strip();
    if (!uri.isEmpty()) {
      if (uri.matches("https?://[^\\s/]+.*")) {
        mlflow = Optional.of(URI.create(uri));
      } else {
        problems.add(
            new Problem(
                file.toString(),
                0,
                "mlflow.uri",
                "is '" + uri + "'; it must be a URL such as http://127.0.0.1:5000"));
      }
    }
    if (!problems.isEmpty()) {
      throw new BadInputException(problems);
    }
    Path directory = file.toAbsolutePath().getParent();
    Deployment defaults = defaults();
    return new Deployment(
        directory.resolve(properties.getProperty("lake", defaults.lake().toString())).normalize(),
        directory
            .resolve(properties.getProperty("work.dir", defaults.workDir().toString()))
            .normalize(),
        mlflow);
  }

  /** The same deployment with another lake; its run directories lie beside it. */
  public Deployment withLake(Path other) {
    return new Deployment(other, other.toAbsolutePath().normalize().resolveSibling("work"), mlflow);
  }

  /** The same deployment with a tracking server. */
  public Deployment withMlflow(URI uri) {
    return new Deployment(lake, workDir, Optional.of(uri));
  }
}
