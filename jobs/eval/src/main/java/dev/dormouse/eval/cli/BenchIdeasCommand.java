package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.eval.replay.ComparedRegret;
import dev.dormouse.eval.replay.IdeaReplay;
import dev.dormouse.eval.replay.ReplayRequest;
import dev.dormouse.stats.Estimate;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse bench ideas}. */
@Command(
    name = "ideas",
    mixinStandardHelpOptions = true,
    description =
        "Replays the planner with scripted language models: random, misleading, informed, and"
            + " reading the prompt.")
final class BenchIdeasCommand implements Callable<Integer> {
  /** Idea replays write no file. */
  private static final Path UNUSED = Path.of("unused");

  @Mixin private EpisodeOptions episodes;

  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    ReplayRequest request = episodes.clickModels(UNUSED);
    IdeaReplay.Result result = SparkJobs.withSession(session -> replay(session, request));
    PrintWriter out = output.out();
    if (output.isJson()) {
      output.printJsonLine(result);
      return ExitCode.OK;
    }
    out.printf(
        "Mean normalised regret (0: the best of the pool, 1: its median) with scripted models; in"
            + " brackets by how%nmuch it is above the planner's without a model, with its 95%%"
            + " interval over data families.%n%nThe planner knows the past:%n");
    print(out, result.withHistory());
    out.printf("%nIt does not, and the model is told:%n");
    print(out, result.withoutHistory());
    return ExitCode.OK;
  }

  private static void print(PrintWriter out, List<ComparedRegret> compared) {
    RegretText.print(out, compared);
    for (ComparedRegret one : compared.subList(1, compared.size())) {
      out.printf(
          Locale.ROOT,
          "  %s: at its worst evaluation %+.3f above; the worst task, after the last, %+.3f%n",
          one.name(),
          one.behind().stream().mapToDouble(Estimate::mean).max().orElseThrow(),
          one.worstTask().get(one.worstTask().size() - 1));
    }
  }

  private IdeaReplay.Result replay(SparkSession session, ReplayRequest request) {
    try {
      return IdeaReplay.run(session, request, output.progress());
    } catch (IOException | IllegalArgumentException e) {
      throw CommandException.badInput("Cannot replay: " + e.getMessage());
    }
  }
}
