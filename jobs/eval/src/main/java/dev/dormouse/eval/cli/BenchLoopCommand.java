package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.cli.ScratchDirectory;
import dev.dormouse.eval.replay.ComparedRegret;
import dev.dormouse.eval.replay.LoopBench;
import dev.dormouse.eval.replay.ReplayRequest;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench loop}. */
@Command(
    name = "loop",
    mixinStandardHelpOptions = true,
    description =
        "Plays campaigns on the visible tasks one after another, from an empty lake on, and measures"
            + " their regret by the number of campaigns that the lake has seen.")
final class BenchLoopCommand implements Callable<Integer> {
  private static final int[] JUDGED = {5, 10};

  @Option(
      names = "--orders",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Random orders of the tasks, each played from each of its tasks on (default:"
              + " ${DEFAULT-VALUE}).")
  private int orders;

  @Mixin private EpisodeOptions episodes;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws IOException {
    if (orders < 1) {
      throw CommandException.badInput("--orders is " + orders + "; it must be at least 1.");
    }
    LoopBench.Result result = SparkJobs.withSession(this::run);
    if (output.isJson()) {
      output.printJsonLine(result);
    } else {
      print(result);
    }
    return ExitCode.OK;
  }

  private LoopBench.Result run(SparkSession spark) {
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      ReplayRequest request = episodes.clickModels(scratch.path().resolve("unused"));
      return LoopBench.run(
          spark,
          request,
          orders,
          scratch.path().resolve("lakes"),
          Clock.systemUTC(),
          output.progress());
    } catch (IOException | IllegalArgumentException e) {
      throw CommandException.badInput("Cannot play campaigns: " + e.getMessage());
    }
  }

  private void print(LoopBench.Result result) {
    output
        .out()
        .printf(
            "Mean normalised regret on %d tasks of %d families by the number of campaigns that the"
                + " lake had seen (%d orders);%nin brackets the difference from none, with its 95%%"
                + " interval over families.%n%n",
            result.tasks(), result.families(), result.orders());
    List<ComparedRegret> rows = new ArrayList<>(result.bySeen());
    rows.add(result.afterEnough());
    RegretText.print(output.out(), "campaigns seen", rows);
    List<Double> none = result.bySeen().get(0).regret();
    for (int n : JUDGED) {
      if (n <= none.size()) {
        output
            .out()
            .printf(
                Locale.ROOT,
                "After %d evaluations the regret is %.0f%% lower where the lake has seen %s"
                    + " campaigns.%n",
                n,
                100 * (1 - result.afterEnough().regret().get(n - 1) / none.get(n - 1)),
                result.afterEnough().name());
      }
    }
  }
}
