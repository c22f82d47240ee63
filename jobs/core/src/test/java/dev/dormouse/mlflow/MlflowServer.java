package dev.dormouse.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real tracking server on loopback, by the script that the demo uses. */
public final class MlflowServer {
  private static final Path SCRIPT = Path.of("..", "examples", "mlflow-server.sh").toAbsolutePath();

  private final Path directory;
  private final URI uri;

  private MlflowServer(Path directory, URI uri) {
    this.directory = directory;
    this.uri = uri;
  }

  public static MlflowServer start(Path directory) throws IOException, InterruptedException {
    int port = freePort();
    run(directory, "start", directory.toString(), Integer.toString(port));
    return new MlflowServer(directory, URI.create("http://127.0.0.1:" + port));
  }

  public URI uri() {
    return uri;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void run(Path directory, String... arguments)
      throws IOException, InterruptedException {
    String environment =
        Optional.ofNullable(System.getProperty("DORMOUSE_PYTHON_ENV"))
            .or(() -> Optional.ofNullable(System.getenv("DORMOUSE_PYTHON_ENV")))
            .orElse("");
    assertThat(environment)
        .as(
            "DORMOUSE_PYTHON_ENV must name the Python environment that jobs/examples/python-env.sh makes")
        .isNotEmpty();
    String[] command = new String[arguments.length + 2];
    command[0] = "sh";
    command[1] = SCRIPT.toString();
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("script.log").toFile());
    builder.environment().put("DORMOUSE_PYTHON_ENV", environment);
    Process process = builder.start();
    assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("see %s", directory.resolve("script.log")).isZero();
  }

  public void stop() throws IOException, InterruptedException {
    run(directory, "stop", directory.toString());
  }
}
