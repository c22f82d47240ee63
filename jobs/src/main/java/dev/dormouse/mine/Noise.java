package dev.dormouse.mine;

import dev.dormouse.stats.Shrinkage;
import java.util.Map;
import java.util.TreeMap;

/**
 * Seed noise per study, shrunk towards what other studies of the same metric show.
 *
 * @param sdByStudy shrunk standard deviation of studies with repeated seeds
 * @param priorSdByMetric the standard deviation to expect of a study without
 */
record Noise(Map<String, Double> sdByStudy, Map<String, Double> priorSdByMetric) {
  /**
   * Assumed where no study of a metric repeats seeds: about what published CTR benchmarks report
   * for AUC.
   */
  static final double STATED_PRIOR_SD = 0.001;

  private static final double PRIOR_DEGREES = 4;

  /**
   * Noise of one study, measured.
   *
   * @param variance pooled over its repeated configurations
   * @param degrees degrees of freedom
   */
  record Measured(String study, String metric, double variance, double degrees) {}

  static Noise of(Iterable<Measured> measured) {
    Map<String, double[]> pooled = new TreeMap<>();
    for (Measured study : measured) {
      double[] sums = pooled.computeIfAbsent(study.metric(), metric -> new double[2]);
      sums[0] += study.variance() * study.degrees();
      sums[1] += study.degrees();
    }
    Map<String, Double> prior = new TreeMap<>();
    pooled.forEach((metric, sums) -> prior.put(metric, Math.sqrt(sums[0] / sums[1])));
    Map<String, Double> byStudy = new TreeMap<>();
    for (Measured study : measured) {
      double priorVariance = Math.pow(prior.get(study.metric()), 2);
      byStudy.put(
          study.study(),
          Math.sqrt(
              Shrinkage.variance(study.variance(), study.degrees(), priorVariance, PRIOR_DEGREES)));
    }
    return new Noise(byStudy, prior);
  }

  /** Standard deviation of the metric over seeds in a study. */
  double sd(String study, String metric) {
    double prior = priorSdByMetric.getOrDefault(metric, STATED_PRIOR_SD);
    return Math.max(1e-9, sdByStudy.getOrDefault(study, prior));
  }
}
