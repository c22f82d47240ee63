package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import dev.dormouse.stats.OrderStatistics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Forecasts the gains of arms in a new study from past studies: the mean of two forecasts with
 * different errors, {@link MainEffects} and {@link Forest}, each standardized, scaled by their
 * cross-validated correlation with outcomes.
 */
public final class HistoryPrior {
  /** Priors where history has nothing to measure them by, in metric units. */
  private static final double DEFAULT_SPREAD = 0.003;

  private static final double DEFAULT_NOISE = 0.0005;

  private final Map<Arm, Double> gains;
  private final double gainSd;
  private final double noiseSd;

  private HistoryPrior(Map<Arm, Double> gains, double gainSd, double noiseSd) {
    this.gains = gains;
    this.gainSd = gainSd;
    this.noiseSd = noiseSd;
  }

  /** Returns a prior that expects no gain of any arm. */
  public static HistoryPrior none() {
    return new HistoryPrior(Map.of(), DEFAULT_SPREAD, DEFAULT_NOISE);
  }

  /**
   * Learns forecasts for the candidates from past results. The same results give the same
   * forecasts.
   */
  public static HistoryPrior learn(List<PastResult> results, Collection<Arm> candidates) {
    List<RankedStudy> studies = RankedStudy.of(results);
    if (studies.isEmpty() || candidates.isEmpty()) {
      return none();
    }
    List<Arm> arms = candidates.stream().distinct().toList();
    ToDoubleFunction<Arm> forecast =
        mean(arms, MainEffects.learn(studies, arms)::rank, Forest.learn(studies, arms)::score);
    double agreement =
        Agreement.of(
            studies,
            (seen, unseen) ->
                mean(
                    unseen,
                    MainEffects.learn(seen, unseen)::rank,
                    Forest.learnSmall(seen, unseen)::score));
    double spread = medianOfStudies(results, HistoryPrior::spread, DEFAULT_SPREAD);
    double[] forecasts = Standardized.of(arms.stream().mapToDouble(forecast).toArray());
    Map<Arm, Double> gains = new HashMap<>();
    for (int i = 0; i < arms.size(); i++) {
      gains.put(arms.get(i), agreement * spread * forecasts[i]);
    }
    return new HistoryPrior(
        gains,
        spread * Math.sqrt(1 - agreement * agreement),
        medianOfStudies(results, HistoryPrior::repeatSd, DEFAULT_NOISE));
  }

  /** Returns the expected gain of a candidate over a median arm of a new study, in metric units. */
  public double gain(Arm arm) {
    return gains.getOrDefault(arm, 0.0);
  }

  /** Returns the seed noise measured on repeated arms of past studies, in metric units. */
  public double noiseSd() {
    return noiseSd;
  }

  /** Returns the standard deviation of a forecast's error, in metric units. */
  public double gainSd() {
    return gainSd;
  }

  private static ToDoubleFunction<Arm> mean(
      List<Arm> arms, ToDoubleFunction<Arm> effects, ToDoubleFunction<Arm> forest) {
    double[] ofEffects = Standardized.of(arms.stream().mapToDouble(effects).toArray());
    double[] ofForest = Standardized.of(arms.stream().mapToDouble(forest).toArray());
    Map<Arm, Double> means = new HashMap<>();
    for (int i = 0; i < arms.size(); i++) {
      means.put(arms.get(i), (ofEffects[i] + ofForest[i]) / 2);
    }
    return means::get;
  }

  private static double medianOfStudies(
      List<PastResult> results, ToDoubleFunction<List<PastResult>> measure, double otherwise) {
    Map<String, List<PastResult>> studies = new TreeMap<>();
    results.forEach(r -> studies.computeIfAbsent(r.study(), s -> new ArrayList<>()).add(r));
    return median(studies.values().stream().mapToDouble(measure), otherwise);
  }

  private static double spread(List<PastResult> study) {
    double[] values = study.stream().flatMapToDouble(r -> r.value().stream()).toArray();
    return values.length < 5 ? Double.NaN : robustSd(values);
  }

  /**
   * Returns half the width of the middle 68% of the values, an estimate of their standard deviation
   * that a tail of failed runs does not inflate.
   */
  public static double robustSd(double[] values) {
    return (OrderStatistics.lower(values, 0.84) - OrderStatistics.lower(values, 0.16)) / 2;
  }

  /** Returns the pooled standard deviation of repeated arms; NaN if no arm is repeated. */
  private static double repeatSd(List<PastResult> study) {
    Map<Arm, List<Double>> repeats = new LinkedHashMap<>();
    study.forEach(
        run ->
            run.value()
                .ifPresent(v -> repeats.computeIfAbsent(run.arm(), a -> new ArrayList<>()).add(v)));
    double squares = 0;
    int degrees = 0;
    for (List<Double> values : repeats.values()) {
      double mean = values.stream().mapToDouble(v -> v).average().orElse(0);
      squares += values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
      degrees += values.size() - 1;
    }
    return degrees == 0 || squares == 0 ? Double.NaN : Math.sqrt(squares / degrees);
  }

  private static double median(DoubleStream numbers, double otherwise) {
    double[] positive = numbers.filter(n -> Double.isFinite(n) && n > 0).toArray();
    return positive.length == 0 ? otherwise : OrderStatistics.upperMedian(positive);
  }
}
