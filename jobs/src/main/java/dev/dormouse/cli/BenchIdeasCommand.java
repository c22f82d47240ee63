package dev.dormouse.cli;

import dev.dormouse.replay.IdeaReplay;
import dev.dormouse.replay.IdeaReplay.Line;
import dev.dormouse.replay.ReplayRequest;
import dev.dormouse.table.Json;
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
        "Replays the planner with scripted language models: ones that know nothing, that mislead, that know, and that read.")
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

  @Option(names = "--json", description = "As a JSON array.")
  private boolean json;

  @Override
  public Integer call() {
    if (budget < 1 || episodes < 1) {
      throw CommandException.badInput(
          "--budget is " + budget + " and --episodes " + episodes + "; both must be at least 1.");
    }
    Path data = Path.of(System.getenv().getOrDefault("DORMOUSE_HOME", ".")).resolve(DATA);
    ReplayRequest request =
        new ReplayRequest(
            data.resolve("replay/ctr_configs.parquet"),
            List.of(data.resolve("history"), data.resolve("dev")),
            Optional.of(data.resolve("replay/ctr_pools.json")),
            budget,
            Path.of("unused"),
            episodes,
            Optional.ofNullable(task),
            true,
            false,
            false,
            false);
    List<Line> lines = SparkJobs.withSession(session -> replay(session, request));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(lines));
      return ExitCode.OK;
    }
    out.printf(
        "Mean normalised regret after %d evaluations, and over all of them (0: the best of the pool).%n%n",
        budget);
    Columns.print(
        out,
        List.of("model", "planner", "regret", "over all"),
        lines.stream()
            .map(
                line ->
                    List.of(
                        line.model(),
                        line.plannerHasHistory() ? "with history" : "without history",
                        String.format(Locale.ROOT, "%.4f", line.last()),
                        String.format(Locale.ROOT, "%.4f", line.mean())))
            .toList());
    return ExitCode.OK;
  }

  private static List<Line> replay(SparkSession session, ReplayRequest request) {
    try {
      return IdeaReplay.run(session, request);
    } catch (IOException | IllegalArgumentException e) {
      throw CommandException.badInput("Cannot replay: " + e.getMessage());
    }
  }
}
