package dev.dormouse.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The demo's directories, and the processes that it starts: MLflow, the data's set-up, ticks. */
public final class DemoServices {
  static final String MLFLOW = "mlflow";

  private static final int FIRST_PORT = 5000;
  private static final int LAST_PORT = 5050;
  private static final long START_SECONDS = 180;
  private static final long TICK_SECONDS = 300;

  private final Path home;
  private final Path demo;
  private final Path python;
  private Process mlflow;

  /**
   * @param home directory of the installation
   * @param demo directory that the demo writes to
   * @param python environment with MLflow and the trainer's libraries
   */
  public DemoServices(Path home, Path demo, Path python) {
    this.home = home;
    this.demo = demo;
    this.python = python;
  }

  /** Starts the tracking server in the background; {@link #mlflow} waits for it. */
  public void startMlflow() throws IOException {
    mlflow =
        start(
            List.of(serverScript(), "start", mlflowDir(), Integer.toString(freePort())),
            "mlflow.log");
  }

  /**
   * Waits for the tracking server and returns its URI; empty if it does not start. It may be one
   * that an earlier demo left running.
   */
  public Optional<URI> mlflow() throws InterruptedException, IOException {
    boolean up = mlflow.waitFor(START_SECONDS, TimeUnit.SECONDS) && mlflow.exitValue() == 0;
    if (!up) {
      return Optional.empty();
    }
    String port = Files.readString(demo.resolve(MLFLOW).resolve("port")).strip();
    return Optional.of(URI.create("http://127.0.0.1:" + port));
  }

  /** Stops the tracking server. */
  public void stopMlflow() throws IOException, InterruptedException {
    start(List.of(serverScript(), "stop", mlflowDir()), "mlflow.log").waitFor();
  }

  /** Returns the shell command that stops the tracking server. */
  String stopCommand() {
    return home.relativize(Path.of(serverScript())) + " stop " + mlflowDir();
  }

  /**
   * Sets up the training data.
   *
   * @throws CommandException if that fails
   */
  void prepareData() throws IOException, InterruptedException {
    Process data =
        start(
            List.of(
                python.resolve("bin/python3").toString(),
                home.resolve("jobs/examples/ctr/data.py").toString()),
            "data.log");
    if (!data.waitFor(START_SECONDS, TimeUnit.SECONDS) || data.exitValue() != 0) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "Cannot set up the training data: " + Files.readString(demo.resolve("data.log")).strip());
    }
  }

  /** Runs one tick in a process of its own and returns its exit code. */
  int tick(Optional<URI> tracking) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                home.resolve("dormouse").toString(),
                "tick",
                "--lake",
                lake().toString(),
                "--json"));
    tracking.ifPresent(uri -> command.addAll(List.of("--mlflow", uri.toString())));
    Process tick = start(command, "ticks.log");
    if (!tick.waitFor(TICK_SECONDS, TimeUnit.SECONDS)) {
      tick.destroyForcibly();
      return ExitCode.BUG;
    }
    return tick.exitValue();
  }

  Path log(String name) {
    return demo.resolve(name);
  }

  Path home() {
    return home;
  }

  Path lake() {
    return demo.resolve("lake");
  }

  Path report() {
    return demo.resolve("report.html");
  }

  Path workDir() {
    return demo.resolve("work");
  }

  private Process start(List<String> command, String log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
    builder.environment().put("DORMOUSE_PYTHON_ENV", python.toString());
    return builder
        .redirectOutput(ProcessBuilder.Redirect.appendTo(demo.resolve(log).toFile()))
        .start();
  }

  private String serverScript() {
    return home.resolve("jobs/examples/mlflow-server.sh").toString();
  }

  private String mlflowDir() {
    return demo.resolve(MLFLOW).toString();
  }

  private static int freePort() throws IOException {
    for (int candidate = FIRST_PORT; candidate <= LAST_PORT; candidate++) {
      try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken: try the next one.
      }
    }
    throw new IOException(
        "No port from " + FIRST_PORT + " to " + LAST_PORT + " is free for the MLflow server");
  }
}
