package dev.dormouse.eval.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.DemoServices;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.ScratchDirectory;
import dev.dormouse.eval.bench.PublishBench;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dormouse bench publish}. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description =
        "Publishes a large campaign to a real MLflow server, beside loops by MLflow's own client"
            + " and by the gateway.")
final class BenchPublishCommand implements Callable<Integer> {
  /** Threads of the loops; a server of one process does not gain from more. */
  private static final List<Integer> THREADS = List.of(1, 4);

  private static final int MOST = 1_000_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Trainings (default: ${DEFAULT-VALUE}).")
  private int trials;

  @Option(
      names = "--params",
      paramLabel = "N",
      defaultValue = "30",
      description = "Params of each (default: ${DEFAULT-VALUE}).")
  private int params;

  @Option(
      names = "--metrics",
      paramLabel = "N",
      defaultValue = "20",
      description = "Metrics of each (default: ${DEFAULT-VALUE}).")
  private int metrics;

  @Option(
      names = "--mlflow",
      paramLabel = "URI",
      description = "Tracking server to fill (default: one that is started for it).")
  private URI mlflow;

  @Option(
      names = "--json",
      description = "One JSON object on standard output; all else goes to standard error.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (int size : new int[] {trials, params, metrics}) {
      if (size < 1 || size > MOST) {
        throw CommandException.badInput(
            "--trials, --params and --metrics must be from 1 to " + MOST + ".");
      }
    }
    if (mlflow != null) {
      return measured(mlflow);
    }
    Optional<Path> python = Optional.ofNullable(System.getenv("DORMOUSE_PYTHON_ENV")).map(Path::of);
    if (python.isEmpty()) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "No MLflow server can be started: DORMOUSE_PYTHON_ENV names no Python environment; run it by ./dormouse, or name a server by --mlflow.");
    }
    Path home =
        Path.of(System.getenv().getOrDefault("DORMOUSE_HOME", ".")).toAbsolutePath().normalize();
    try (ScratchDirectory scratch = ScratchDirectory.make()) {
      DemoServices services = new DemoServices(home, scratch.path(), python.get());
      services.startMlflow();
      try {
        URI started =
            services
                .mlflow()
                .orElseThrow(
                    () ->
                        new CommandException(
                            ExitCode.UNREACHABLE, "The MLflow server does not start."));
        return measured(started);
      } finally {
        services.stopMlflow();
      }
    }
  }

  private int measured(URI server) throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    PublishBench bench =
        new PublishBench(
            server,
            line -> {
              err.println(line);
              err.flush();
            });
    String name = "bench-" + Instant.now().getEpochSecond();
    PublishBench.Result result = bench.run(name, trials, params, metrics, THREADS);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode node = Json.mapper().valueToTree(result);
      out.println(Json.write(node.put("ratio", result.ratio())));
    } else {
      out.printf(
          Locale.ROOT,
          "%,d trainings with %d params and %d metrics each: %.1f s%n",
          result.trials(),
          result.params(),
          result.metrics(),
          result.seconds());
      result
          .plain()
          .forEach(
              (threads, seconds) ->
                  out.printf(
                      Locale.ROOT,
                      "Loop by MLflow's client, %d threads: %.1f s; by the gateway: %.1f s%n",
                      threads,
                      seconds,
                      result.gateway().get(threads)));
      out.printf(
          Locale.ROOT, "Ratio to the fastest loop by MLflow's client: %.2f%n", result.ratio());
    }
    return ExitCode.OK;
  }
}
