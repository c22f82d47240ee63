package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.Output;
import dev.dormouse.cli.text.Columns;
import dev.dormouse.eval.replay.LearningCurves;
import dev.dormouse.eval.replay.Replay;
import dev.dormouse.eval.replay.ReplayRequest;
import dev.dormouse.eval.replay.ReplayRequest.HistoryUse;
import dev.dormouse.eval.replay.ReplayRequestBuilder;
import dev.dormouse.eval.replay.ReplaySummary;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description =
        "Runs the planner and the campaign logic against tables of known results, and measures"
            + " their regret.")
final class ReplayCommand implements Callable<Integer> {
  @Option(
      names = "--tasks",
      required = true,
      paramLabel = "FILE",
      description = "Parquet file of known results.")
  private Path tasks;

  @Option(
      names = "--history",
      arity = "1..*",
      paramLabel = "DIR",
      description = "Directories with past runs; those of a task's own family are hidden.")
  private List<Path> history = List.of();

  @Option(
      names = "--pools",
      paramLabel = "FILE",
      description = "JSON file of the configurations of each episode (default: seeded halves).")
  private Optional<Path> pools;

  @Option(
      names = "--budget",
      required = true,
      paramLabel = "N",
      description = "Evaluations in each episode; each costs a whole run.")
  private int budget;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "File of JSON lines to write, one for each evaluation.")
  private Path out;

  @Option(
      names = "--episodes",
      paramLabel = "K",
      defaultValue = "10",
      description = "Episodes of each task (default: ${DEFAULT-VALUE}).")
  private int episodes;

  @Option(names = "--task", paramLabel = "T", description = "Replay only this task.")
  private Optional<String> task;

  @Option(names = "--no-history", description = "Use no past runs.")
  private boolean noHistory;

  @Option(
      names = "--shuffle-history",
      description = "Assign past results at random within their study.")
  private boolean shuffleHistory;

  @Option(
      names = "--curves",
      description =
          "Show learning curves where the table has them: runs can be stopped early, and cost the"
              + " share of the curve that was used.")
  private boolean curves;

  @Option(
      names = "--alias",
      description = "Replace names of models and data sets by meaningless ones.")
  private boolean alias;

  @Option(
      names = "--without",
      paramLabel = "PART",
      split = ",",
      description =
          "Leave out parts of planning and search, to see their worth: history, research, mining,"
              + " hypotheses, combination, baseline.")
  private List<String> without = List.of();

  @Mixin private Output output;

  @Override
  public Integer call() {
    List<Path> inputs = new ArrayList<>(history);
    inputs.add(tasks);
    pools.ifPresent(inputs::add);
    for (Path input : inputs) {
      if (!Files.exists(input)) {
        throw CommandException.badInput("There is no file or directory " + input + ".");
      }
    }
    EpisodeOptions.requirePositive(budget, episodes);
    ReplayRequest request =
        ReplayRequestBuilder.builder()
            .tasks(tasks)
            .history(history)
            .pools(pools)
            .budget(budget)
            .out(out)
            .episodes(episodes)
            .task(task)
            .historyUse(historyUse())
            .curves(curves ? LearningCurves.SHOWN : LearningCurves.HIDDEN)
            .alias(alias)
            .without(EpisodeOptions.parts(without))
            .build();
    ReplaySummary summary = SparkJobs.withSession(session -> replay(session, request));
    PrintWriter printer = output.out();
    printer.printf(
        "%d evaluations in %d episodes of %d tasks written to %s.%n",
        summary.evaluations(), summary.episodes(), summary.tasks(), out);
    List<List<String>> rows = new ArrayList<>();
    for (int n : new int[] {1, 3, 5, 10, 20, 50}) {
      if (n <= summary.regret().size()) {
        rows.add(
            List.of(
                Integer.toString(n),
                number(summary.regret().get(n - 1)),
                number(summary.randomRegret().get(n - 1))));
      }
    }
    Columns.print(printer, List.of("evaluations", "normalised regret", "of a random order"), rows);
    return ExitCode.OK;
  }

  private HistoryUse historyUse() {
    if (noHistory) {
      return HistoryUse.NONE;
    }
    return shuffleHistory ? HistoryUse.SHUFFLED : HistoryUse.AS_RECORDED;
  }

  private static ReplaySummary replay(SparkSession session, ReplayRequest request) {
    try {
      return Replay.run(session, request);
    } catch (IOException e) {
      throw CommandException.badInput("Cannot replay: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw CommandException.badInput(e.getMessage() + ".");
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
