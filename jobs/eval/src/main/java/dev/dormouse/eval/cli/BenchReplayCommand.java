package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.cli.LauncherEnvironment;
import dev.dormouse.eval.bench.Peers;
import dev.dormouse.eval.bench.RegretPlot;
import dev.dormouse.eval.bench.ReplayBench;
import dev.dormouse.eval.replay.ReplayRequest;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description =
        "Replays the planner and other optimizers on the same pools of known results, and compares"
            + " their regret.")
final class BenchReplayCommand implements Callable<Integer> {
  @Mixin private EpisodeOptions episodes;

  @Option(
      names = "--settings",
      description =
          "Play tables of optimizer settings with learning curves (TaskSet) instead of click"
              + " models.")
  private boolean settings;

  @Option(
      names = "--without",
      paramLabel = "PART",
      split = ",",
      description =
          "Also play without each of these parts of planning and search, to see its worth: history,"
              + " research, mining, hypotheses, combination, baseline.")
  private List<String> without = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".dormouse/bench-replay",
      description =
          "Directory for each method's evaluations and regret.svg (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws IOException {
    Path file = out.resolve("dormouse.jsonl");
    ReplayRequest request =
        settings ? episodes.optimizerSettings(file) : episodes.clickModels(file);
    Set<ReplayRequest.Part> parts = EpisodeOptions.parts(without);
    Files.createDirectories(out);
    Optional<Peers> peers =
        LauncherEnvironment.directory("DORMOUSE_PEERS_ENV")
            .map(
                python ->
                    new Peers(
                        python, LauncherEnvironment.home().resolve("jobs/eval/peers/peers.py")));
    ReplayBench.Result result = SparkJobs.withSession(spark -> run(spark, request, peers, parts));
    Path plot = out.resolve("regret.svg");
    Files.writeString(plot, RegretPlot.svg(result.methods()));
    PrintWriter printer = output.out();
    if (output.isJson()) {
      output.printJsonLine(result);
    } else {
      print(printer, result);
      printer.printf("%nPlot: %s%n", plot);
    }
    return ExitCode.OK;
  }

  private ReplayBench.Result run(
      SparkSession spark,
      ReplayRequest request,
      Optional<Peers> peers,
      Set<ReplayRequest.Part> parts) {
    try {
      return new ReplayBench(spark, request, out, output.progress()).run(peers, parts);
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
