package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How well forecasts do on studies that they have not seen, by cross-validation over whole studies.
 *
 * @param variants among the means of model variants
 * @param settings among the arms of one variant
 */
record Agreement(Part variants, Part settings) {
  /** Assumed where there is only one study to learn from: forecasts are believed by half. */
  private static final Agreement USUAL = new Agreement(new Part(0.5, 0.16), new Part(0.5, 0.09));

  private static final double MOST = 0.95;
  private static final int FOLDS = 4;

  /** The fewest arms of a study whose outcomes are used to judge a forecast. */
  private static final int FEWEST_ARMS = 10;

  /**
   * One part of a forecast.
   *
   * @param slope what to expect of an outcome for each unit of the forecast; 0 or more
   * @param explained the share of the outcomes' variance that this explains
   */
  record Part(double slope, double explained) {
    private static final Part NOTHING = new Part(0, 0);

    /** Regresses outcomes on forecasts; each study has the same weight. */
    private static Part of(List<Moments> studies, Part otherwise) {
      double product = studies.stream().mapToDouble(Moments::product).average().orElse(0);
      double square = studies.stream().mapToDouble(Moments::square).average().orElse(0);
      if (square == 0) {
        return otherwise;
      }
      return product <= 0 ? NOTHING : new Part(product / square, product * product / square);
    }
  }

  /**
   * Means over the arms of a study.
   *
   * @param product of a forecast and an outcome
   * @param square of a forecast
   */
  private record Moments(double product, double square) {
    static Moments of(double[] forecasts, double[] outcomes) {
      double mean = Arrays.stream(forecasts).average().orElse(0);
      double product = 0;
      double square = 0;
      for (int i = 0; i < forecasts.length; i++) {
        double forecast = forecasts[i] - mean;
        product += forecast * outcomes[i];
        square += forecast * forecast;
      }
      return new Moments(product / forecasts.length, square / forecasts.length);
    }
  }

  /** How the parts of a forecast go with the outcomes of one study. */
  private record OfStudy(Moments variants, Moments settings) {}

  /**
   * Returns the correlation of forecasts with outcomes, from 0 to 0.95, among arms of which only
   * variants or only settings may differ.
   */
  double correlation(boolean variantsDiffer, boolean settingsDiffer) {
    double explained =
        (variantsDiffer ? variants.explained() : 0) + (settingsDiffer ? settings.explained() : 0);
    return Math.min(MOST, Math.sqrt(explained));
  }

  /**
   * Compares forecasts with outcomes, normal scores of ranks.
   *
   * @param learner learns from studies and returns a forecast for arms
   */
  static Agreement of(
      List<RankedStudy> studies,
      BiFunction<List<RankedStudy>, List<Arm>, ToDoubleFunction<Arm>> learner) {
    List<OfStudy> ofStudies =
        IntStream.range(0, FOLDS)
            .parallel()
            .boxed()
            .map(fold -> ofStudies(studies, fold, learner))
            .toList()
            .stream()
            .flatMap(List::stream)
            .toList();
    return new Agreement(
        part(ofStudies, OfStudy::variants, USUAL.variants()),
        part(ofStudies, OfStudy::settings, USUAL.settings()));
  }

  private static Part part(
      List<OfStudy> studies, Function<OfStudy, Moments> moments, Part otherwise) {
    return Part.of(studies.stream().map(moments).toList(), otherwise);
  }

  private static List<OfStudy> ofStudies(
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

  private static OfStudy ofStudy(RankedStudy study, ToDoubleFunction<Arm> forecast) {
    VariantMeans means = VariantMeans.over(study.arms(), forecast);
    double[] outcomes =
        Standardized.of(study.ranks().stream().mapToDouble(Forest::normalScore).toArray());
    return new OfStudy(
        Moments.of(study.arms().stream().mapToDouble(means::of).toArray(), outcomes),
        Moments.of(
            study.arms().stream()
                .mapToDouble(arm -> forecast.applyAsDouble(arm) - means.of(arm))
                .toArray(),
            outcomes));
  }
}
