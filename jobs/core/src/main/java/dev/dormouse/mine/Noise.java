package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.stats.VariancePrior;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How much results differ though nothing was changed: over seeds, and between sweeps (silent
 * changes of code or data). Each study's own figure is moderated by those of the other studies of
 * its metric (Smyth 2004).
 */
final class Noise {
  /**
   * Standard deviation over seeds where no study of a metric repeats one: about what published CTR
   * benchmarks report for areas under the curve.
   */
  static final double STATED_SD = 0.001;

  /** What a stated or a lone figure is worth, in degrees of freedom. */
  private static final double FEW = 4;

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
        .forEach((metric, measured) -> noise.seedPriors.put(metric, fitted(measured)));
    byMetric(noise.sweeps)
        .forEach((metric, measured) -> noise.sweepPriors.put(metric, average(measured)));
    return noise;
  }

  private static Map<String, List<Fact>> byMetric(Map<String, Fact> facts) {
    return facts.values().stream()
        .collect(Collectors.groupingBy(Fact::metric, TreeMap::new, Collectors.toList()));
  }

  private static VariancePrior fitted(List<Fact> measured) {
    return VariancePrior.fit(
        measured.stream().mapToDouble(fact -> fact.number("variance")).toArray(),
        measured.stream().mapToDouble(fact -> fact.number("degrees")).toArray(),
        average(measured));
  }

  /**
   * Most studies show no variance between sweeps at all, of which no distribution can be fitted.
   */
  private static VariancePrior average(List<Fact> measured) {
    double weighted = 0;
    double all = 0;
    for (Fact fact : measured) {
      weighted += fact.number("variance") * fact.number("degrees");
      all += fact.number("degrees");
    }
    return new VariancePrior(weighted / all, FEW);
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
        : prior.moderated(fact.number("variance"), fact.number("degrees"));
  }

  /** Whether any study of the metric repeats seeds. */
  boolean isMeasured(String metric) {
    return seedPriors.containsKey(metric);
  }
}
