package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.eval.replay.ComparedRegret;
import dev.dormouse.eval.replay.IdeaReplay;
import dev.dormouse.eval.replay.LearningCurves;
import dev.dormouse.eval.replay.ReplayRequest;
import dev.dormouse.eval.replay.ReplayRequestBuilder;
import dev.dormouse.stats.Estimate;
import dev.dormouse.table.Json;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dormouse bench ideas}. */
@Command(
    name = "ideas",
    mixinStandardHelpOptions = true,
    description =
        "Replays the planner with scripted language models: ones that know nothing, that mislead,"
            + " that know, and that read.")
final class BenchIdeasCommand implements Callable<Integer> {
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

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  @Override
  public Integer call() {
    if (budget < 1 || episodes < 1) {
      throw CommandException.badInput(
          "--budget is " + budget + " and --episodes " + episodes + "; both must be at least 1.");
    }
    Path data = Path.of(System.getenv().getOrDefault("DORMOUSE_HOME", ".")).resolve(DATA);
    ReplayRequest request =
        ReplayRequestBuilder.builder()
            .tasks(data.resolve("replay/ctr_configs.parquet"))
            .history(List.of(data.resolve("history"), data.resolve("dev")))
            .pools(Optional.of(data.resolve("replay/ctr_pools.json")))
            .budget(budget)
            .out(Path.of("unused"))
            .episodes(episodes)
            .task(Optional.ofNullable(task))
            .historyUse(ReplayRequest.HistoryUse.AS_RECORDED)
            .curves(LearningCurves.HIDDEN)
            .build();
    IdeaReplay.Result result = SparkJobs.withSession(session -> replay(session, request));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(result));
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
    PrintWriter err = spec.commandLine().getErr();
    try {
      return IdeaReplay.run(
          session,
          request,
          line -> {
            err.println(line);
            err.flush();
          });
    } catch (IOException | IllegalArgumentException e) {
      throw CommandException.badInput("Cannot replay: " + e.getMessage());
    }
  }
}
