package dev.dormouse.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Interval of the mean of values that are correlated within clusters: whole clusters are drawn with
 * replacement.
 *
 * <p>Source: Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8
 * (resampling of clusters) and 5.3.1 (percentile interval).
 */
public final class ClusterBootstrap {
  private static final int RESAMPLES = 10_000;
  private static final double TAIL = 0.025;
  private static final long SEED = 1;

  private ClusterBootstrap() {}

  /**
   * Returns the mean of values and its 95% interval; the same values give the same interval.
   *
   * @param values at least one
   * @param clusters the cluster of each value, in the order of the values
   * @throws IllegalArgumentException if there are no values, or not as many clusters
   */
  public static Estimate mean(List<Double> values, List<String> clusters) {
    if (values.isEmpty() || values.size() != clusters.size()) {
      throw new IllegalArgumentException(
          values.size() + " values cannot be resampled by " + clusters.size() + " clusters");
    }
    Map<String, List<Double>> byCluster = new TreeMap<>();
    for (int i = 0; i < values.size(); i++) {
      byCluster.computeIfAbsent(clusters.get(i), c -> new ArrayList<>()).add(values.get(i));
    }
    List<List<Double>> groups = List.copyOf(byCluster.values());
    Random random = new Random(SEED);
    double[] means = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      double sum = 0;
      int count = 0;
      for (int draw = 0; draw < groups.size(); draw++) {
        List<Double> group = groups.get(random.nextInt(groups.size()));
        sum += group.stream().mapToDouble(Double::doubleValue).sum();
        count += group.size();
      }
      means[i] = sum / count;
    }
    Arrays.sort(means);
    return new Estimate(
        values.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
        means[(int) (TAIL * (RESAMPLES - 1))],
        means[(int) Math.ceil((1 - TAIL) * (RESAMPLES - 1))]);
  }
}
