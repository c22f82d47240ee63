package dev.dormouse.stats;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** A mixture of normal distributions; a standard deviation of 0 is a point. */
final class NormalMixture {
  private static final NormalDistribution STANDARD = NormalDistribution.of(0, 1);
  private static final double NEGLIGIBLE = 1e-10;
  private static final int BISECTIONS = 40;

  private final double[] weights;
  private final double[] means;
  private final double[] sds;

  /**
   * Creates a mixture with one component for each weight; components of negligible weight are left
   * out.
   *
   * @param weights sum to 1
   */
  NormalMixture(double[] weights, double[] means, double[] sds) {
    int[] kept = IntStream.range(0, weights.length).filter(i -> weights[i] > NEGLIGIBLE).toArray();
    this.weights = Arrays.stream(kept).mapToDouble(i -> weights[i]).toArray();
    this.means = Arrays.stream(kept).mapToDouble(i -> means[i]).toArray();
    this.sds = Arrays.stream(kept).mapToDouble(i -> sds[i]).toArray();
  }

  double mean() {
    double mean = 0;
    for (int i = 0; i < weights.length; i++) {
      mean += weights[i] * means[i];
    }
    return mean;
  }

  /** Returns the probability of values above this one; a point at it counts half. */
  double above(double value) {
    double probability = 0;
    for (int i = 0; i < weights.length; i++) {
      probability += weights[i] * above(i, value);
    }
    return Math.min(1, probability);
  }

  private double above(int i, double value) {
    if (sds[i] == 0) {
      return means[i] > value ? 1 : means[i] < value ? 0 : 0.5;
    }
    return STANDARD.survivalProbability((value - means[i]) / sds[i]);
  }

  /** Returns the mean with the central 95% interval. */
  Estimate central95() {
    return new Estimate(mean(), quantile(0.025), quantile(0.975));
  }

  double quantile(double probability) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < weights.length; i++) {
      low = Math.min(low, means[i] - 8 * sds[i]);
      high = Math.max(high, means[i] + 8 * sds[i]);
    }
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (1 - above(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    // A quantile that falls on a point at zero is zero.
    return Math.abs(high) < 1e-12 ? 0 : (low + high) / 2;
  }
}
