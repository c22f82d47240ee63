package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.LauncherEnvironment;
import dev.dormouse.eval.replay.LearningCurves;
import dev.dormouse.eval.replay.ReplayRequest;
import dev.dormouse.eval.replay.ReplayRequestBuilder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Options of replays on the tables of known results that Dormouse ships. A picocli mixin. */
final class EpisodeOptions {
  private static final Path DATA = Path.of("insights-lake", "data");

  @Option(
      names = "--budget",
      paramLabel = "N",
      defaultValue = "20",
      description = "Evaluations in each episode (default: ${DEFAULT-VALUE}).")
  private int budget;

  @Option(
      names = "--episodes",
      paramLabel = "K",
      defaultValue = "10",
      description = "Episodes of each task (default: ${DEFAULT-VALUE}).")
  private int episodes;

  @Option(names = "--task", paramLabel = "T", description = "Play only this task.")
  private Optional<String> task;

  /**
   * Returns a request to replay the click models, with the history that belongs to them.
   *
   * @param out file of JSON lines to write
   * @throws CommandException if an option is out of range
   */
  ReplayRequest clickModels(Path out) {
    Path data = data();
    return request(
        data.resolve("replay/ctr_configs.parquet"),
        List.of(data.resolve("history"), data.resolve("dev")),
        Optional.of(data.resolve("replay/ctr_pools.json")),
        out);
  }

  /**
   * Returns a request to replay the optimizer settings of TaskSet, which have learning curves.
   *
   * @param out file of JSON lines to write
   * @throws CommandException if an option is out of range
   */
  ReplayRequest optimizerSettings(Path out) {
    return request(
        data().resolve("replay/taskset_configs.parquet"), List.of(), Optional.empty(), out);
  }

  private ReplayRequest request(Path tasks, List<Path> history, Optional<Path> pools, Path out) {
    requirePositive(budget, episodes);
    return ReplayRequestBuilder.builder()
        .tasks(tasks)
        .history(history)
        .pools(pools)
        .budget(budget)
        .out(out)
        .episodes(episodes)
        .task(task)
        .historyUse(ReplayRequest.HistoryUse.AS_RECORDED)
        .curves(LearningCurves.HIDDEN)
        .build();
  }

  /**
   * Checks the values of {@code --budget} and {@code --episodes}.
   *
   * @throws CommandException if one is below 1
   */
  static void requirePositive(int budget, int episodes) {
    if (budget < 1 || episodes < 1) {
      throw CommandException.badInput(
          "--budget is " + budget + " and --episodes " + episodes + "; both must be at least 1.");
    }
  }

  /**
   * Returns the parts that are left out.
   *
   * @throws CommandException if a name is unknown
   */
  static Set<ReplayRequest.Part> parts(List<String> names) {
    Set<ReplayRequest.Part> parts = EnumSet.noneOf(ReplayRequest.Part.class);
    for (String name : names) {
      parts.add(
          Arrays.stream(ReplayRequest.Part.values())
              .filter(part -> part.name().equalsIgnoreCase(name.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      CommandException.badInput(
                          "--without names '"
                              + name
                              + "'; the parts are "
                              + Arrays.stream(ReplayRequest.Part.values())
                                  .map(part -> part.name().toLowerCase(Locale.ROOT))
                                  .collect(Collectors.joining(", "))
                              + ".")));
    }
    return parts;
  }

  private static Path data() {
    return LauncherEnvironment.home().resolve(DATA);
  }
}
