package dev.dormouse.stats;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Means and variances of small samples. They are computed here and not by commons-statistics, whose
 * sums differ in the last digits: decisions that are logged must be the same when they are
 * replayed.
 */
public final class Samples {
  private static final double TWO_SIDED_95 = 0.975;

  /** Weight of an expected standard deviation, in degrees of freedom. */
  private static final int EXPECTED_DEGREES = 3;

  private Samples() {}

  /** Returns the arithmetic mean; NaN of an empty sample. */
  public static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /** Returns the sample variance, with n - 1 in the denominator; NaN below two values. */
  public static double variance(double[] values) {
    if (values.length < 2) {
      return Double.NaN;
    }
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
  }

  /** Returns the mean with Student's t interval; the interval of a single value is unbounded. */
  public static Estimate meanWithInterval(double[] values) {
    return meanWithInterval(values, 0);
  }

  /**
   * Returns the mean with Student's t interval, for values whose variance has a known lower bound,
   * e.g. because they are rounded.
   */
  public static Estimate meanWithInterval(double[] values, double leastVariance) {
    double mean = mean(values);
    if (values.length < 2) {
      return new Estimate(mean, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    double variance = Math.max(leastVariance, variance(values));
    double half = tQuantile(values.length - 1) * Math.sqrt(variance / values.length);
    return new Estimate(mean, mean - half, mean + half);
  }

  /** Returns the 97.5% quantile of Student's t. */
  public static double tQuantile(double degreesOfFreedom) {
    return TDistribution.of(degreesOfFreedom).inverseCumulativeProbability(TWO_SIDED_95);
  }

  /**
   * Returns a standard deviation of few values, pooled with the one that past studies let expect.
   *
   * @param variance variance of the values; ignored if there are no degrees of freedom
   * @param degrees degrees of freedom of that variance, at least 0
   * @param expectedSd the expected standard deviation; counts for three degrees of freedom
   */
  public static double pooledSd(double variance, int degrees, double expectedSd) {
    double measured = degrees == 0 ? 0 : degrees * variance;
    return Math.sqrt(
        (EXPECTED_DEGREES * expectedSd * expectedSd + measured) / (EXPECTED_DEGREES + degrees));
  }
}
