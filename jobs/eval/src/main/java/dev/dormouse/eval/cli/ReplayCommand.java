package dev.dormouse.eval.cli;

import dev.dormouse.cli.text.Columns;
import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dormouse replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description =
        "Plays the planner and campaign logic against tables of known results: the proof that it"
            + " works.")
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

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
      description = "Directories with past runs; a task's own family is hidden.")
  private List<Path> history = List.of();

  @Option(
      names = "--pools",
      paramLabel = "FILE",
      description = "JSON file of the configurations of each episode (default: seeded halves).")
  private Path pools;

  @Option(
      names = "--budget",
      required = true,
      paramLabel = "N",
      description = "Evaluations an episode, each of the cost of a whole run.")
  private int budget;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "JSON lines, one an evaluation.")
  private Path out;

  @Option(
      names = "--episodes",
      paramLabel = "K",
      defaultValue = "10",
      description = "Episodes a task (default: ${DEFAULT-VALUE}).")
  private int episodes;

  @Option(names = "--task", paramLabel = "T", description = "Only this task.")
  private String task;

  @Option(names = "--no-history", description = "Forget the past.")
  private boolean noHistory;

  @Option(
      names = "--shuffle-history",
      description = "Deal past results out at random within their study.")
  private boolean shuffleHistory;

  @Option(
      names = "--curves",
      description =
          "Show learning curves where the table has them: runs can be stopped, and cost what was"
              + " used of their curve.")
  private boolean curves;

  @Option(
      names = "--alias",
      description = "Replace names of models and data sets by meaningless ones.")
  private boolean alias;

  @Override
  public Integer call() {
    List<Path> inputs = new ArrayList<>(history);
    inputs.add(tasks);
    Optional.ofNullable(pools).ifPresent(inputs::add);
    for (Path input : inputs) {
      if (!Files.exists(input)) {
        throw CommandException.badInput("There is no file or directory " + input + ".");
      }
    }
    if (budget < 1 || episodes < 1) {
      throw CommandException.badInput(
          "--budget is " + budget + " and --episodes " + episodes + "; both must be at least 1.");
    }
    ReplayRequest request =
        ReplayRequestBuilder.builder()
            .tasks(tasks)
            .history(history)
            .pools(Optional.ofNullable(pools))
            .budget(budget)
            .out(out)
            .episodes(episodes)
            .task(Optional.ofNullable(task))
            .historyUse(
                noHistory
                    ? HistoryUse.NONE
                    : shuffleHistory ? HistoryUse.SHUFFLED : HistoryUse.AS_RECORDED)
            .curves(curves ? LearningCurves.SHOWN : LearningCurves.HIDDEN)
            .alias(alias)
            .build();
    ReplaySummary summary = SparkJobs.withSession(session -> replay(session, request));
    PrintWriter printer = spec.commandLine().getOut();
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
