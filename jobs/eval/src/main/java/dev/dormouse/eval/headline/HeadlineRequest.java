package dev.dormouse.eval.headline;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.util.List;

/**
 * Which models to improve, by which methods.
 *
 * @param example campaign file with the default, the search space and the training's command
 * @param models models of the example's trainer
 * @param methods of {@link HeadlineBench#METHODS}
 * @param budget trainings of each search, the baseline's included
 * @param replicates searches of each method for each model
 * @param seeds fresh seeds by which the found arms are tested
 * @param parallel searches at the same time
 * @param history directories with an {@code experiments.parquet} of past runs
 * @param hidden data families of the example, which campaigns do not see
 * @param out directory that keeps every training; what it holds already is not trained again
 */
@RecordBuilder
public record HeadlineRequest(
    Path example,
    List<String> models,
    List<String> methods,
    int budget,
    int replicates,
    int seeds,
    int parallel,
    List<Path> history,
    List<String> hidden,
    Path out) {
  private static final int LEAST_BUDGET = 5;
  private static final int LEAST_SEEDS = 2;

  public HeadlineRequest {
    models = List.copyOf(models);
    methods = List.copyOf(methods);
    history = List.copyOf(history);
    hidden = List.copyOf(hidden);
    if (budget < LEAST_BUDGET || replicates < 1 || seeds < LEAST_SEEDS || parallel < 1) {
      throw new IllegalArgumentException(
          "Budget is "
              + budget
              + ", replicates "
              + replicates
              + ", seeds "
              + seeds
              + " and parallel "
              + parallel
              + "; they must be at least "
              + LEAST_BUDGET
              + ", 1, "
              + LEAST_SEEDS
              + " and 1");
    }
    if (!HeadlineBench.METHODS.containsAll(methods) || methods.isEmpty()) {
      throw new IllegalArgumentException(
          "Methods are " + methods + "; known are " + String.join(", ", HeadlineBench.METHODS));
    }
    if (models.isEmpty() || models.stream().distinct().count() < models.size()) {
      throw new IllegalArgumentException("Models are " + models + "; name each once");
    }
  }
}
