package dev.dormouse.eval.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.DemoServices;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.cli.LauncherEnvironment;
import dev.dormouse.cli.ScratchDirectory;
import dev.dormouse.eval.bench.PublishBench;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench publish}. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description =
        "Publishes a large campaign to a real MLflow server, and compares the time with loops by"
            + " MLflow's own client and by the gateway.")
final class BenchPublishCommand implements Callable<Integer> {
  /** Threads of the loops; a server of one process does not gain from more. */
  private static final List<Integer> THREADS = List.of(1, 4);

  private static final int MOST = 1_000_000;

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
      description = "MLflow server to fill (default: one that is started for it).")
  private Optional<URI> mlflow;

  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (int size : new int[] {trials, params, metrics}) {
      if (size < 1 || size > MOST) {
        throw CommandException.badInput(
            "--trials, --params and --metrics must be from 1 to " + MOST + ".");
      }
    }
    if (mlflow.isPresent()) {
      return measured(mlflow.get());
    }
    Path python =
        LauncherEnvironment.python()
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.UNREACHABLE,
                        "No MLflow server can be started: DORMOUSE_PYTHON_ENV names no Python"
                            + " environment; run it by ./dormouse, or name a server by --mlflow."));
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      DemoServices services = new DemoServices(LauncherEnvironment.home(), scratch.path(), python);
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
    PublishBench bench = new PublishBench(server, output.progress());
    String name = "bench-" + Instant.now().getEpochSecond();
    PublishBench.Result result = bench.run(name, trials, params, metrics, THREADS);
    PrintWriter out = output.out();
    if (output.isJson()) {
      output.printJsonLine(new ResultJson(result, result.ratio()));
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

  /** What {@code --json} prints, which other programs read. */
  private record ResultJson(@JsonUnwrapped PublishBench.Result result, double ratio) {}
}
