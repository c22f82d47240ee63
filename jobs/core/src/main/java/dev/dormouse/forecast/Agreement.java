package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Cross-validates forecasts: measures how well they do on studies that they have not seen. */
final class Agreement {
  /** Assumed where there is only one study to learn from; measured on the CTR lake. */
  private static final double USUAL = 0.5;

  private static final double MOST = 0.95;
  private static final int FOLDS = 4;

  /** The fewest arms of a study whose order is used to judge a forecast. */
  private static final int FEWEST_ARMS = 10;

  private Agreement() {}

  /**
   * Returns the mean correlation of forecasts with outcomes (normal scores of ranks), by
   * cross-validation over whole studies.
   *
   * @param learner learns from studies and returns a forecast for arms
   * @return from 0 to 0.95
   */
  static double of(
      List<RankedStudy> studies,
      BiFunction<List<RankedStudy>, List<Arm>, ToDoubleFunction<Arm>> learner) {
    double mean =
        IntStream.range(0, FOLDS)
            .parallel()
            .boxed()
            .map(fold -> correlations(studies, fold, learner))
            .toList()
            .stream()
            .flatMap(List::stream)
            .mapToDouble(r -> r)
            .average()
            .orElse(USUAL);
    return Math.min(MOST, Math.max(0, mean));
  }

  private static List<Double> correlations(
      List<RankedStudy> studies,
      int fold,
      BiFunction<List<RankedStudy>, List<Arm>, ToDoubleFunction<Arm>> learner) {
    List<RankedStudy> unseen = new ArrayList<>();
    List<RankedStudy> seen = new ArrayList<>();
    for (int i = 0; i < studies.size(); i++) {
      (i % FOLDS == fold ? unseen : seen).add(studies.get(i));
    }
    unseen.removeIf(study -> study.size() < FEWEST_ARMS);
    if (unseen.isEmpty() || seen.isEmpty()) {
      return List.of();
    }
    List<Arm> arms = unseen.stream().flatMap(study -> study.arms().stream()).distinct().toList();
    ToDoubleFunction<Arm> forecast = learner.apply(seen, arms);
    return unseen.stream().map(study -> correlation(study, forecast)).toList();
  }

  private static double correlation(RankedStudy study, ToDoubleFunction<Arm> forecast) {
    double[] forecasts = Standardized.of(study.arms().stream().mapToDouble(forecast).toArray());
    double[] outcomes =
        Standardized.of(study.ranks().stream().mapToDouble(Forest::normalScore).toArray());
    return IntStream.range(0, study.size())
        .mapToDouble(i -> forecasts[i] * outcomes[i])
        .average()
        .orElse(0);
  }
}
