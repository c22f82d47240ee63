package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.stats.VariancePrior;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much results differ though nothing was changed: over seeds, and between sweeps (silent
 * changes of code or data). Each study's own figure is moderated by those of the other studies of
 * its metric (Smyth 2004).
 */
final class Noise {
  /**
   * Standard deviation over seeds where no study of a metric repeats one: about what published CTR
   * benchmarks report for AUC.
   */
  static final double STATED_SD = 0.001;

  /** What a stated or a lone figure is worth, in degrees of freedom. */
  private static final double FEW = 4;

  /** Configurations repeated in two sweeps share the sweeps' offsets: worth no more than these. */
  private static final double MOST_SWEEP_DEGREES = 3;

  private final Map<String, VariancePrior> seedPriors = new TreeMap<>();
  private final Map<String, VariancePrior> sweepPriors = new TreeMap<>();
  private final Map<String, Fact> seeds = new TreeMap<>();
  private final Map<String, Fact> sweeps = new TreeMap<>();

  private Noise() {}

  static Noise of(List<Fact> facts) {
    Noise noise = new Noise();
    for (Fact fact : facts) {
      if (fact.kind() == Kind.NOISE) {
        noise.seeds.put(fact.study(), fact);
      } else if (fact.kind() == Kind.RERUN) {
        noise.sweeps.put(fact.study(), fact);
      }
    }
    byMetric(noise.seeds)
        .forEach(
            (metric, measured) ->
                noise.seedPriors.put(metric, prior(measured, f -> f.number("degrees"))));
    byMetric(noise.sweeps)
        .forEach(
            (metric, measured) ->
                noise.sweepPriors.put(metric, prior(measured, Noise::sweepDegrees)));
    return noise;
  }

  private static Map<String, List<Fact>> byMetric(Map<String, Fact> facts) {
    return facts.values().stream()
        .collect(
            java.util.stream.Collectors.groupingBy(
                Fact::metric, TreeMap::new, java.util.stream.Collectors.toList()));
  }

  private static VariancePrior prior(
      List<Fact> measured, java.util.function.ToDoubleFunction<Fact> degreesOf) {
    double[] variances = measured.stream().mapToDouble(f -> f.number("variance")).toArray();
    double[] degrees = measured.stream().mapToDouble(degreesOf).toArray();
    double weighted = 0;
    double all = 0;
    for (int i = 0; i < degrees.length; i++) {
      weighted += variances[i] * degrees[i];
      all += degrees[i];
    }
    return VariancePrior.fit(variances, degrees, new VariancePrior(weighted / all, FEW));
  }

  private static double sweepDegrees(Fact fact) {
    return Math.min(MOST_SWEEP_DEGREES, fact.number("n"));
  }

  /** Variance of the metric over seeds in a study, above 0. */
  double seedVariance(String study, String metric) {
    VariancePrior prior =
        seedPriors.getOrDefault(metric, new VariancePrior(STATED_SD * STATED_SD, FEW));
    Fact fact = seeds.get(study);
    double variance =
        fact == null
            ? prior.variance()
            : prior.moderated(fact.number("variance"), fact.number("degrees"));
    return Math.max(1e-18, variance);
  }

  /** Standard deviation of the metric over seeds in a study. */
  double seedSd(String study, String metric) {
    return Math.sqrt(seedVariance(study, metric));
  }

  /** Variance of the metric between sweeps of a study with nothing else changed. */
  double sweepVariance(String study, String metric) {
    VariancePrior prior = sweepPriors.get(metric);
    if (prior == null) {
      return 0;
    }
    Fact fact = sweeps.get(study);
    return fact == null
        ? prior.variance()
        : prior.moderated(fact.number("variance"), sweepDegrees(fact));
  }

  /** Whether any study of the metric repeats seeds. */
  boolean isMeasured(String metric) {
    return seedPriors.containsKey(metric);
  }
}
