package dev.dormouse.prior;

import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.Arrays;
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
 * {@link MainEffects} and a {@link Forest}, each in units of its own spread.
 */
public final class HistoryPrior {
  /** Stated priors where history has nothing to measure them by. */
  private static final double DEFAULT_SPREAD = 0.003;

  private static final double DEFAULT_NOISE = 0.0005;

  private final Map<Arm, Double> gains;
  private final double spread;
  private final double noiseSd;

  private HistoryPrior(Map<Arm, Double> gains, double spread, double noiseSd) {
    this.gains = gains;
    this.spread = spread;
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
    double[] effects = standardized(arms, MainEffects.learn(studies, arms)::rank);
    double[] forest = standardized(arms, Forest.learn(studies, arms)::score);
    double spread = medianOfStudies(results, HistoryPrior::spread, DEFAULT_SPREAD);
    Map<Arm, Double> gains = new HashMap<>();
    for (int i = 0; i < arms.size(); i++) {
      gains.put(arms.get(i), (effects[i] + forest[i]) / 2 * spread);
    }
    return new HistoryPrior(
        gains, spread, medianOfStudies(results, HistoryPrior::repeatSd, DEFAULT_NOISE));
  }

  /** Expected gain of a candidate over a middling arm of a new study, in metric units. */
  public double gain(Arm arm) {
    return gains.getOrDefault(arm, 0.0);
  }

  /** Seed noise as repeated arms of past studies show it, in metric units. */
  public double noiseSd() {
    return noiseSd;
  }

  /** Typical standard deviation of results within a study, in metric units. */
  public double spread() {
    return spread;
  }

  private static double[] standardized(List<Arm> arms, ToDoubleFunction<Arm> forecast) {
    double[] values = arms.stream().mapToDouble(forecast).toArray();
    double mean = Arrays.stream(values).average().orElse(0);
    double sd =
        Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0));
    return Arrays.stream(values).map(v -> sd > 0 ? (v - mean) / sd : 0).toArray();
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
