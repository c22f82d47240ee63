package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How well forecasts do on studies that they have not seen, by cross-validation over whole studies.
 *
 * @param variants correlation of forecasts with outcomes among the means of model variants, times
 *     the share of the outcomes' spread that these means have; 0 or more
 * @param settings the same among the arms of one variant
 */
record Agreement(double variants, double settings) {
  /** Assumed where there is only one study to learn from; measured on the CTR lake. */
  private static final Agreement USUAL = new Agreement(0.4, 0.3);

  private static final double MOST = 0.95;
  private static final int FOLDS = 4;

  /** The fewest arms of a study whose order is used to judge a forecast. */
  private static final int FEWEST_ARMS = 10;

  /** Returns the correlation of forecasts with outcomes, from 0 to 0.95. */
  double total() {
    return Math.min(MOST, Math.hypot(variants, settings));
  }

  /** Returns the agreement where only variants or only settings differ among the arms. */
  Agreement where(boolean variantsDiffer, boolean settingsDiffer) {
    return new Agreement(variantsDiffer ? variants : 0, settingsDiffer ? settings : 0);
  }

  /**
   * Measures the agreement with outcomes (normal scores of ranks), as the mean over studies.
   *
   * @param learner learns from studies and returns a forecast for arms
   */
  static Agreement of(
      List<RankedStudy> studies,
      BiFunction<List<RankedStudy>, List<Arm>, ToDoubleFunction<Arm>> learner) {
    List<Agreement> ofStudies =
        IntStream.range(0, FOLDS)
            .parallel()
            .boxed()
            .map(fold -> ofStudies(studies, fold, learner))
            .toList()
            .stream()
            .flatMap(List::stream)
            .toList();
    return new Agreement(
        mean(ofStudies.stream().mapToDouble(Agreement::variants), USUAL.variants()),
        mean(ofStudies.stream().mapToDouble(Agreement::settings), USUAL.settings()));
  }

  private static double mean(DoubleStream parts, double otherwise) {
    return Math.max(0, parts.filter(part -> !Double.isNaN(part)).average().orElse(otherwise));
  }

  private static List<Agreement> ofStudies(
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
    return unseen.stream().map(study -> ofStudy(study, forecast)).toList();
  }

  /** Parts that do not differ within the study are NaN. */
  private static Agreement ofStudy(RankedStudy study, ToDoubleFunction<Arm> forecast) {
    VariantMeans means = VariantMeans.over(study.arms(), forecast);
    double[] outcomes =
        Standardized.of(study.ranks().stream().mapToDouble(Forest::normalScore).toArray());
    return new Agreement(
        correlation(study.arms().stream().mapToDouble(means::of).toArray(), outcomes),
        correlation(
            study.arms().stream()
                .mapToDouble(arm -> forecast.applyAsDouble(arm) - means.of(arm))
                .toArray(),
            outcomes));
  }

  private static double correlation(double[] forecasts, double[] outcomes) {
    Standardized scale = Standardized.over(forecasts);
    return !scale.differs()
        ? Double.NaN
        : IntStream.range(0, outcomes.length)
            .mapToDouble(i -> scale.of(forecasts[i]) * outcomes[i])
            .average()
            .orElse(0);
  }
}
