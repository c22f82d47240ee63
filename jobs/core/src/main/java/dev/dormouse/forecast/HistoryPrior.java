package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
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
 * What past studies say of arms in a new one: the mean of two forecasts that err in different ways,
 * {@link MainEffects} and a {@link Forest}, each in units of its own spread. How far they are to be
 * believed is measured on past studies that they have not seen.
 */
public final class HistoryPrior {
  /** Stated priors where history has nothing to measure them by. */
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

  /** No opinion on anything. */
  public static HistoryPrior none() {
    return new HistoryPrior(Map.of(), DEFAULT_SPREAD, DEFAULT_NOISE);
  }

  /**
   * Learns from past results what to expect of the candidates. The same results give the same
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
                    Forest.sketch(seen, unseen)::score));
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

  /** Expected gain of a candidate over a middling arm of a new study, in metric units. */
  public double gain(Arm arm) {
    return gains.getOrDefault(arm, 0.0);
  }

  /** Seed noise as repeated arms of past studies show it, in metric units. */
  public double noiseSd() {
    return noiseSd;
  }

  /** Standard deviation of what a forecast is off by, in metric units. */
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
    double[] values = study.stream().flatMapToDouble(r -> r.value().stream()).sorted().toArray();
    // Half the middle 68%: the sd without the tail of failures.
    return values.length < 5
        ? Double.NaN
        : (values[(int) (0.84 * (values.length - 1))] - values[(int) (0.16 * (values.length - 1))])
            / 2;
  }

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
    double[] sorted = numbers.filter(n -> Double.isFinite(n) && n > 0).sorted().toArray();
    return sorted.length == 0 ? otherwise : sorted[sorted.length / 2];
  }
}
