package dev.dormouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.airflow.AirflowAdmin;
import dev.dormouse.airflow.Credentials;
import dev.dormouse.approval.AirflowApproval;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Airflow on loopback, with our DAGs, by the script that users try it out with. */
public final class AirflowServer {
  /** Tests that use the shared one take turns. */
  public static final String NAME = "airflow";

  private static final Path CLIENT =
      Path.of("..", "..", "dags-client").toAbsolutePath().normalize();

  private static AirflowServer shared;

  private final Path directory;
  private final String environment;
  private final int port;

  private AirflowServer(Path directory, String environment, int port) {
    this.directory = directory;
    this.environment = environment;
    this.port = port;
  }

  /**
   * The one of all tests, started for the first of them and stopped with this JVM. Fails if there
   * is no environment to run it in.
   */
  public static synchronized AirflowServer shared() throws IOException, InterruptedException {
    String environment = System.getenv("DORMOUSE_AIRFLOW_ENV");
    assertThat(environment)
        .as(
            "DORMOUSE_AIRFLOW_ENV names no Python environment with Airflow;"
                + " jobs/examples/python-env.sh makes one from dags-client/requirements.txt")
        .isNotNull();
    if (shared == null) {
      AirflowServer server = up(Files.createTempDirectory("airflow"), environment);
      Runtime.getRuntime().addShutdownHook(new Thread(server::downAndForget));
      server.awaitDags();
      shared = server;
    }
    return shared;
  }

  private void awaitDags() throws IOException, InterruptedException {
    for (int tries = 0; tries < 300; tries++) {
      if (admin().client().dag(AirflowApproval.DAG).isPresent()
          && admin().client().dag(AirflowBackend.DAG).isPresent()
          && admin().client().dag("dormouse_tick").isPresent()
          && admin().client().dag("dormouse_learn").isPresent()) {
        // Nobody ticks and learns but the tests.
        admin().pause("dormouse_tick");
        admin().pause("dormouse_learn");
        return;
      }
      TimeUnit.SECONDS.sleep(1);
    }
    throw new AssertionError("Airflow does not show our DAGs: " + admin().importErrors());
  }

  private void downAndForget() {
    try {
      down();
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static AirflowServer up(Path directory, String environment)
      throws IOException, InterruptedException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    AirflowServer server = new AirflowServer(directory, environment, port);
    Files.createDirectories(server.dags());
    try (Stream<Path> dags = Files.list(CLIENT.resolve("dags"))) {
      for (Path dag : dags.filter(file -> file.toString().endsWith(".py")).toList()) {
        Files.copy(dag, server.dags().resolve(dag.getFileName()));
      }
    }
    server.up();
    return server;
  }

  /** Starts what does not run. */
  public void up() throws IOException, InterruptedException {
    run("up", directory.toString(), Integer.toString(port));
  }

  private void down() throws IOException, InterruptedException {
    run("down", directory.toString());
  }

  /** The folder with its DAGs, a copy of ours. */
  public Path dags() {
    return directory.resolve("dags");
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** What an account needs that Dormouse uses: to trigger and to read. */
  public Credentials account() throws IOException {
    return credentials("dormouse");
  }

  /** Somebody who may do anything. */
  public AirflowAdmin admin() throws IOException {
    return new AirflowAdmin(uri(), credentials("admin"));
  }

  /** The password of {@link #account}. */
  public String password() throws IOException {
    return password("dormouse");
  }

  private Credentials credentials(String user) throws IOException {
    return new Credentials.Password(user, password(user));
  }

  private String password(String user) throws IOException {
    return Files.readString(directory.resolve(user + "-password")).strip();
  }

  /**
   * Kills the scheduler and all of Airflow that it started, as a machine does that runs out of
   * memory; trainings go on. Its workers cannot be left alive: they hold its connections open, so
   * the rows that it locked in an unfinished transaction would stay locked.
   */
  public void killScheduler() throws IOException {
    long pid = Long.parseLong(Files.readString(directory.resolve("scheduler.pid")).strip());
    ProcessHandle scheduler = ProcessHandle.of(pid).orElseThrow();
    List<ProcessHandle> started = scheduler.descendants().filter(AirflowServer::isPython).toList();
    scheduler.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
  }

  private static boolean isPython(ProcessHandle process) {
    return process
        .info()
        .command()
        .map(command -> Path.of(command).getFileName().toString().startsWith("python"))
        .orElse(false);
  }

  private void run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", CLIENT.resolve("airflow.sh").toString()));
    command.addAll(List.of(arguments));
    Files.createDirectories(directory);
    Path said = directory.resolve("script.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("DORMOUSE_AIRFLOW_ENV", environment);
    builder.environment().put("DORMOUSE_DAGS", dags().toString());
    builder.environment().put("AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD", "15");
    Process process = builder.start();
    assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
  }
}
