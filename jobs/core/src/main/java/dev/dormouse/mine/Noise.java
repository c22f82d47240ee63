package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.stats.VariancePrior;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The variance of results when no parameter changes: over seeds, and between sweeps (silent changes
 * of code or data). The variance of each study is moderated by those of the other studies of its
 * metric (Smyth 2004).
 */
final class Noise {
  /**
   * Standard deviation over seeds that is assumed if no study of a metric repeats a configuration:
   * about what published CTR benchmarks report for areas under the curve.
   */
  static final double ASSUMED_SD = 0.001;

  /** Degrees of freedom of an assumed variance, or of one that cannot be fitted. */
  private static final double PRIOR_DEGREES = 4;

  private final Map<String, VariancePrior> seedPriors = new TreeMap<>();
  private final Map<String, VariancePrior> sweepPriors = new TreeMap<>();
  private final Map<String, Fact> seeds = new TreeMap<>();
  private final Map<String, Fact> sweeps = new TreeMap<>();

  private Noise() {}

  /** Estimates noise from facts of kinds noise and rerun. */
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

  /** Averages without fitting: most studies show no variance between sweeps at all. */
  private static VariancePrior average(List<Fact> measured) {
    double weighted = 0;
    double all = 0;
    for (Fact fact : measured) {
      weighted += fact.number("variance") * fact.number("degrees");
      all += fact.number("degrees");
    }
    return new VariancePrior(weighted / all, PRIOR_DEGREES);
  }

  /** Returns the variance of the metric over seeds in a study; above 0. */
  double seedVariance(String study, String metric) {
    VariancePrior prior =
        seedPriors.getOrDefault(metric, new VariancePrior(ASSUMED_SD * ASSUMED_SD, PRIOR_DEGREES));
    Fact fact = seeds.get(study);
    double variance =
        fact == null
            ? prior.variance()
            : prior.moderated(fact.number("variance"), fact.number("degrees"));
    return Math.max(1e-18, variance);
  }

  /** Returns the standard deviation of the metric over seeds in a study. */
  double seedSd(String study, String metric) {
    return Math.sqrt(seedVariance(study, metric));
  }

  /** Returns the variance of the metric between sweeps of a study with nothing else changed. */
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

  /** Returns whether any study of the metric repeats a configuration over seeds. */
  boolean isMeasured(String metric) {
    return seedPriors.containsKey(metric);
  }
}
