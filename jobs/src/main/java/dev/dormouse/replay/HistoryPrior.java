package dev.dormouse.replay;

import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.ejml.simple.SimpleMatrix;

/**
 * What past studies say of arms in a new one. Targets are ranks within a study, since metrics of
 * two studies cannot be compared. Two parts add up: how a model variant ranks on average (shrunk to
 * the middle by the number of studies), and what a parameter's value adds within one study and
 * variant (ridge regression with fixed effects, each study with the same weight).
 */
final class HistoryPrior {
  /** Standard deviation of a uniform rank on [0, 1]. */
  private static final double RANK_SD = Math.sqrt(1 / 12.0);

  private static final double VARIANT_SHRINKAGE = 2;
  private static final double RIDGE = 0.5;

  /** Stated priors where history has nothing to measure them by. */
  private static final double DEFAULT_SPREAD = 0.003;

  private static final double DEFAULT_NOISE = 0.0005;

  private final Map<String, Double> variantEffects;
  private final Map<String, Double> valueEffects;
  private final double spread;
  private final double noiseSd;

  private HistoryPrior(
      Map<String, Double> variantEffects,
      Map<String, Double> valueEffects,
      double spread,
      double noiseSd) {
    this.variantEffects = variantEffects;
    this.valueEffects = valueEffects;
    this.spread = spread;
    this.noiseSd = noiseSd;
  }

  /** No opinion on anything. */
  static HistoryPrior none() {
    return new HistoryPrior(Map.of(), Map.of(), DEFAULT_SPREAD, DEFAULT_NOISE);
  }

  /** Learns from runs; only values of parameters that occur among the candidates are learnt. */
  static HistoryPrior learn(List<PastRun> runs, Collection<Arm> candidates) {
    Map<String, List<PastRun>> studies = new TreeMap<>();
    runs.forEach(run -> studies.computeIfAbsent(run.study(), s -> new ArrayList<>()).add(run));
    studies.values().removeIf(study -> study.size() < 2);
    if (studies.isEmpty()) {
      return none();
    }
    Map<String, List<Double>> variantRanks = new TreeMap<>();
    FixedEffectsRidge ridge = new FixedEffectsRidge(candidates);
    for (List<PastRun> study : studies.values()) {
      double[] ranks = ranks(study);
      Map<String, List<Integer>> byVariant = new TreeMap<>();
      for (int i = 0; i < ranks.length; i++) {
        byVariant.computeIfAbsent(study.get(i).arm().modelVariant(), v -> new ArrayList<>()).add(i);
      }
      byVariant.forEach(
          (variant, rows) -> {
            double mean = rows.stream().mapToDouble(i -> ranks[i]).average().orElse(0);
            variantRanks.computeIfAbsent(variant, v -> new ArrayList<>()).add(mean);
            ridge.add(
                rows.stream().map(i -> study.get(i).arm()).toList(),
                rows.stream().mapToDouble(i -> ranks[i]).toArray(),
                study.size());
          });
    }
    Map<String, Double> variants = new HashMap<>();
    variantRanks.forEach(
        (variant, means) ->
            variants.put(
                variant,
                means.stream().mapToDouble(m -> m).sum() / (means.size() + VARIANT_SHRINKAGE)));
    return new HistoryPrior(
        variants,
        ridge.solve(),
        median(studies.values().stream().mapToDouble(HistoryPrior::spread), DEFAULT_SPREAD),
        median(studies.values().stream().mapToDouble(HistoryPrior::repeatSd), DEFAULT_NOISE));
  }

  /** Expected gain over a middling arm of a new study, in metric units. */
  double gain(Arm arm) {
    double rank = variantEffects.getOrDefault(arm.modelVariant(), 0.0);
    for (Map.Entry<String, String> param : arm.params().entrySet()) {
      rank += valueEffects.getOrDefault(feature(param), 0.0);
    }
    return rank / RANK_SD * spread;
  }

  /** Seed noise as repeated arms of past studies show it, in metric units. */
  double noiseSd() {
    return noiseSd;
  }

  /** Typical standard deviation of results within a study, in metric units. */
  double spread() {
    return spread;
  }

  private static String feature(Map.Entry<String, String> param) {
    return param.getKey() + "=" + param.getValue();
  }

  /** Ranks from -0.5 to 0.5; failed runs share the lowest, equal values their middle. */
  private static double[] ranks(List<PastRun> study) {
    double[] values =
        study.stream().mapToDouble(r -> r.value().orElse(Double.NEGATIVE_INFINITY)).toArray();
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] ranks = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      long below = Arrays.stream(sorted).filter(v -> v < value).count();
      long equal = Arrays.stream(sorted).filter(v -> v == value).count();
      ranks[i] = (below + 0.5 * equal) / values.length - 0.5;
    }
    return ranks;
  }

  private static double spread(List<PastRun> study) {
    double[] values = study.stream().flatMapToDouble(r -> r.value().stream()).sorted().toArray();
    // Half the middle 68%: the sd without the tail of failures.
    return values.length < 5
        ? Double.NaN
        : (values[(int) (0.84 * (values.length - 1))] - values[(int) (0.16 * (values.length - 1))])
            / 2;
  }

  private static double repeatSd(List<PastRun> study) {
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

  /** Normal equations of a ridge regression on values, centred within each group of runs. */
  private static final class FixedEffectsRidge {
    private final Map<String, Integer> columns = new LinkedHashMap<>();
    private final double[][] products;
    private final double[] targets;

    FixedEffectsRidge(Collection<Arm> candidates) {
      Map<String, Integer> sorted = new TreeMap<>();
      candidates.forEach(
          arm -> arm.params().entrySet().forEach(param -> sorted.put(feature(param), 0)));
      sorted.keySet().forEach(name -> columns.put(name, columns.size()));
      this.products = new double[columns.size()][columns.size()];
      this.targets = new double[columns.size()];
    }

    void add(List<Arm> group, double[] ranks, int studySize) {
      if (group.size() < 2) {
        return;
      }
      Map<Integer, double[]> centred = new TreeMap<>();
      for (int i = 0; i < group.size(); i++) {
        for (Map.Entry<String, String> param : group.get(i).params().entrySet()) {
          Integer column = columns.get(feature(param));
          if (column != null) {
            centred.computeIfAbsent(column, c -> new double[group.size()])[i] = 1;
          }
        }
      }
      centred.values().removeIf(x -> centre(x) == 0);
      double[] y = ranks.clone();
      centre(y);
      double weight = 1.0 / studySize;
      centred.forEach(
          (a, xa) -> {
            targets[a] += weight * dot(xa, y);
            centred.forEach((b, xb) -> products[a][b] += weight * dot(xa, xb));
          });
    }

    Map<String, Double> solve() {
      int n = columns.size();
      if (n == 0) {
        return Map.of();
      }
      SimpleMatrix system = new SimpleMatrix(products).plus(SimpleMatrix.identity(n).scale(RIDGE));
      SimpleMatrix effects = system.solve(new SimpleMatrix(n, 1, true, targets));
      Map<String, Double> byName = new HashMap<>();
      columns.forEach((name, column) -> byName.put(name, effects.get(column, 0)));
      return byName;
    }

    /** Subtracts the mean; returns the sum of squares that is left. */
    private static double centre(double[] x) {
      double mean = Arrays.stream(x).average().orElse(0);
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        x[i] -= mean;
        squares += x[i] * x[i];
      }
      return squares < 1e-12 ? 0 : squares;
    }

    private static double dot(double[] a, double[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += a[i] * b[i];
      }
      return sum;
    }
  }
}
