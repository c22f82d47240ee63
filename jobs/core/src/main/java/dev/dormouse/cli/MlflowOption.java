package dev.dormouse.cli;

import dev.dormouse.config.Deployment;
import java.net.URI;
import picocli.CommandLine.Option;

/** Option {@code --mlflow}: the server to publish to. A picocli mixin. */
final class MlflowOption {
  @Option(
      names = "--mlflow",
      paramLabel = "URI",
      description = "MLflow server to publish to (default: key 'mlflow.uri' of the deployment).")
  private URI uri;

  /** Returns the deployment with the server of the option, if it was given. */
  Deployment applyTo(Deployment deployment) {
    return uri == null ? deployment : deployment.withMlflow(uri);
  }
}
