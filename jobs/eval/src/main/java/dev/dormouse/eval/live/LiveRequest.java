package dev.dormouse.eval.live;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to search, by which methods.
 *
 * @param tasks Parquet file of known results to fit surfaces to
 * @param surfaces directory of surfaces that are fitted already, instead of {@code tasks}
 * @param history directories with an {@code experiments.parquet} of past runs
 * @param task the only task; if empty, all
 * @param methods {@value LiveBench#OURS} and what {@code surfaces.py} plays; the first is the one
 *     that the others are compared with
 * @param budget trainings of each search, the baseline's included
 * @param replicates searches from each baseline
 * @param parallel campaigns at the same time
 * @param lakes directory that keeps the mined lakes for the next call; if empty, they are not kept
 * @param out directory for surfaces, plans and every training
 */
@RecordBuilder
public record LiveRequest(
    Path tasks,
    Optional<Path> surfaces,
    List<Path> history,
    Optional<String> task,
    List<String> methods,
    int budget,
    int replicates,
    int parallel,
    Optional<Path> lakes,
    Path out) {
  /** Of the baseline, and of each search phase. */
  static final int LEAST_BUDGET = 5;

  /** The methods that can search: ours, and those that {@code surfaces.py} plays. */
  private static final List<String> METHODS = List.of(LiveBench.OURS, "random", "tpe", "smac");

  public LiveRequest {
    history = List.copyOf(history);
    methods = List.copyOf(methods);
    if (budget < LEAST_BUDGET || replicates < 1 || parallel < 1) {
      throw new IllegalArgumentException(
          "Budget is "
              + budget
              + ", replicates "
              + replicates
              + " and parallel "
              + parallel
              + "; they must be at least "
              + LEAST_BUDGET
              + ", 1 and 1");
    }
    if (!METHODS.containsAll(methods)) {
      throw new IllegalArgumentException(
          "Methods are " + methods + "; known are " + String.join(", ", METHODS));
    }
    if (methods.isEmpty() || methods.stream().distinct().count() < methods.size()) {
      throw new IllegalArgumentException("Methods are " + methods + "; name each once");
    }
  }
}
