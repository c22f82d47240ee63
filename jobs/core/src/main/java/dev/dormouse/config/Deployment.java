package dev.dormouse.config;

import dev.dormouse.airflow.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The directories and services of an installation, read from a properties file.
 *
 * @param lake directory of the lake
 * @param workDir parent of the trainings' run directories
 * @param mlflow tracking server to which results are published, if any
 * @param airflow Airflow in which campaigns may train or people may approve, if any
 * @param approvalChannels where people may approve plans: some of {@link #CHANNELS}
 * @param llm language model to ask, if any
 */
public record Deployment(
    Path lake,
    Path workDir,
    Optional<URI> mlflow,
    Optional<Airflow> airflow,
    Set<String> approvalChannels,
    Optional<LlmSettings> llm) {
  /** Approval channels that a deployment can enable. */
  public static final List<String> CHANNELS = List.of("cli", "airflow", "mlflow");

  static final Set<String> DEFAULT_CHANNELS = Set.of("cli");

  public Deployment {
    approvalChannels = Set.copyOf(approvalChannels);
  }

  /**
   * An Airflow, with its login: user and password, a token, or a command that prints a token.
   *
   * @param url URL of its API server
   * @param user account that may trigger and read our DAGs
   * @param passwordFile file that holds only the account's password
   * @param tokenFile file that holds only a token
   * @param tokenCommand shell command that prints a token
   */
  public record Airflow(
      URI url,
      Optional<String> user,
      Optional<Path> passwordFile,
      Optional<Path> tokenFile,
      Optional<String> tokenCommand) {
    /**
     * Returns the credentials: of the token command if there is one, else of the token file, else
     * of the account.
     *
     * @throws BadInputException if a file cannot be read
     */
    public Credentials credentials() {
      if (tokenCommand.isPresent()) {
        return new Credentials.TokenCommand(tokenCommand.get());
      }
      return tokenFile.isPresent()
          ? new Credentials.Token(content(DeploymentFile.TOKEN_FILE, tokenFile.get()))
          : new Credentials.Password(
              user.orElseThrow(),
              content(DeploymentFile.PASSWORD_FILE, passwordFile.orElseThrow()));
    }

    private static String content(String key, Path file) {
      try {
        return Files.readString(file).strip();
      } catch (IOException e) {
        throw new BadInputException(
            List.of(new Problem(file.toString(), 0, key, "cannot be read: " + e.getMessage())));
      }
    }
  }

  /** Returns a deployment below {@code .dormouse} in the current directory, without services. */
  public static Deployment defaults() {
    return local(Path.of(".dormouse", "lake"), Path.of(".dormouse", "work"));
  }

  /** Returns a deployment without services, whose plans are approved by the command line. */
  public static Deployment local(Path lake, Path workDir) {
    return new Deployment(
        lake, workDir, Optional.empty(), Optional.empty(), DEFAULT_CHANNELS, Optional.empty());
  }

  /**
   * Reads a properties file; relative paths start from its directory.
   *
   * @throws BadInputException if it cannot be read, has unknown keys or bad values
   */
  public static Deployment read(Path file) {
    return DeploymentFile.read(file);
  }

  /** Returns this deployment with another lake, and run directories beside it. */
  public Deployment withLake(Path other) {
    return new Deployment(
        other,
        other.toAbsolutePath().normalize().resolveSibling("work"),
        mlflow,
        airflow,
        approvalChannels,
        llm);
  }

  /** Returns this deployment with a tracking server. */
  public Deployment withMlflow(URI uri) {
    return new Deployment(lake, workDir, Optional.of(uri), airflow, approvalChannels, llm);
  }
}
