package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.eval.bench.Peers;
import dev.dormouse.eval.bench.RegretPlot;
import dev.dormouse.eval.bench.ReplayBench;
import dev.dormouse.eval.replay.LearningCurves;
import dev.dormouse.eval.replay.ReplayRequest;
import dev.dormouse.eval.replay.ReplayRequestBuilder;
import dev.dormouse.table.Json;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dormouse bench replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description =
        "Plays the planner and other optimizers on the same pools of known results, and compares"
            + " their regret.")
final class BenchReplayCommand implements Callable<Integer> {
  private static final Path DATA = Path.of("insights-lake", "data");

  @Spec private CommandSpec spec;

  @Option(
      names = "--budget",
      paramLabel = "N",
      defaultValue = "20",
      description = "Evaluations an episode (default: ${DEFAULT-VALUE}).")
  private int budget;

  @Option(
      names = "--episodes",
      paramLabel = "K",
      defaultValue = "10",
      description = "Episodes a task (default: ${DEFAULT-VALUE}).")
  private int episodes;

  @Option(names = "--task", paramLabel = "T", description = "Only this task.")
  private String task;

  @Option(
      names = "--settings",
      description =
          "Play tables of optimizer settings with learning curves (TaskSet) instead of click"
              + " models.")
  private boolean settings;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".dormouse/bench-replay",
      description =
          "Where each method's evaluations go, and regret.svg (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--json",
      description = "One JSON object on standard output; all else goes to standard error.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (budget < 1 || episodes < 1) {
      throw CommandException.badInput(
          "--budget is " + budget + " and --episodes " + episodes + "; both must be at least 1.");
    }
    Path home = Path.of(System.getenv().getOrDefault("DORMOUSE_HOME", "."));
    Path data = home.resolve(DATA);
    Files.createDirectories(out);
    ReplayRequest request =
        ReplayRequestBuilder.builder()
            .tasks(
                data.resolve(
                    settings ? "replay/taskset_configs.parquet" : "replay/ctr_configs.parquet"))
            .history(settings ? List.of() : List.of(data.resolve("history"), data.resolve("dev")))
            .pools(settings ? Optional.empty() : Optional.of(data.resolve("replay/ctr_pools.json")))
            .budget(budget)
            .out(out.resolve("dormouse.jsonl"))
            .episodes(episodes)
            .task(Optional.ofNullable(task))
            .historyUse(ReplayRequest.HistoryUse.AS_RECORDED)
            .curves(LearningCurves.HIDDEN)
            .build();
    Optional<Peers> peers =
        Optional.ofNullable(System.getenv("DORMOUSE_PEERS_ENV"))
            .map(env -> new Peers(Path.of(env), home.resolve("jobs/peers/peers.py")));
    ReplayBench.Result result = SparkJobs.withSession(spark -> play(spark, request, peers));
    Path plot = out.resolve("regret.svg");
    Files.writeString(plot, RegretPlot.svg(result.methods()));
    PrintWriter printer = spec.commandLine().getOut();
    if (json) {
      printer.println(Json.write(result));
    } else {
      print(printer, result);
      printer.printf("%nPlot: %s%n", plot);
    }
    return ExitCode.OK;
  }

  private ReplayBench.Result play(
      SparkSession spark, ReplayRequest request, Optional<Peers> peers) {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return new ReplayBench(
              spark,
              request,
              out,
              line -> {
                err.println(line);
                err.flush();
              })
          .run(peers);
    } catch (IOException | IllegalArgumentException e) {
      throw CommandException.badInput("Cannot compare: " + e.getMessage());
    }
  }

  private void print(PrintWriter printer, ReplayBench.Result result) {
    printer.printf(
        "Mean normalised regret on %d tasks of %d families (0: the best of the pool, 1: its"
            + " median);%nin brackets by how much a method is behind dormouse, with its 95%%"
            + " interval over families.%n%n",
        result.tasks(), result.families());
    RegretText.print(printer, result.methods());
  }
}
