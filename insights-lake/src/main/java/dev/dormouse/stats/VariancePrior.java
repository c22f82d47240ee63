package dev.dormouse.stats;

import java.util.Arrays;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.Trigamma;

/**
 * The prior distribution of a variance, fitted to many small samples: a scaled inverse chi-square
 * distribution, towards which each sample's own variance is moderated.
 *
 * @param variance the prior's location
 * @param degrees how many degrees of freedom the prior counts for; infinite if the samples differ
 *     no more than by chance
 */
public record VariancePrior(double variance, double degrees) {
  /** Stands for infinity where the arithmetic needs a number. */
  private static final double MANY = 1e6;

  /** The least variance of a sample, as a share of the (upper) median variance. */
  private static final double FLOOR = 1e-5;

  /**
   * Fits the prior to samples (Smyth 2004, "Linear models and empirical Bayes methods", section
   * 6.2: moments of the logarithm of an F distribution).
   *
   * @param variances sample variances
   * @param degrees their degrees of freedom, above 0
   * @param otherwise the prior if fewer than two samples have a variance above 0
   */
  public static VariancePrior fit(double[] variances, double[] degrees, VariancePrior otherwise) {
    double[] spread = Arrays.stream(variances).filter(v -> v > 0).toArray();
    if (spread.length < 2) {
      return otherwise;
    }
    double floor = FLOOR * OrderStatistics.upperMedian(spread);
    int n = variances.length;
    double[] centred = new double[n];
    double excess = 0;
    for (int i = 0; i < n; i++) {
      double half = degrees[i] / 2;
      centred[i] = Math.log(Math.max(variances[i], floor)) - Digamma.value(half) + Math.log(half);
      excess -= Trigamma.value(half) / n;
    }
    double mean = Samples.mean(centred);
    excess += Samples.variance(centred);
    if (excess <= 0) {
      return new VariancePrior(Math.exp(mean), Double.POSITIVE_INFINITY);
    }
    double half = inverseTrigamma(excess);
    return new VariancePrior(
        Math.exp(mean + Digamma.value(half) - Math.log(half)), Math.min(MANY, 2 * half));
  }

  /**
   * Moderates a sample's variance by the prior: the mean of both, weighted by degrees of freedom.
   */
  public double moderated(double sampleVariance, double sampleDegrees) {
    double own = sampleDegrees > 0 ? sampleDegrees * sampleVariance : 0;
    double weight = Math.min(MANY, degrees);
    return (own + weight * variance) / (sampleDegrees + weight);
  }

  /**
   * Returns the x with trigamma(x) = y, by Newton's method on 1 / trigamma (Smyth 2004, appendix).
   */
  static double inverseTrigamma(double y) {
    double x = 0.5 + 1 / y;
    for (int i = 0; i < 50; i++) {
      double step = Trigamma.value(x) * (1 - Trigamma.value(x) / y) / derivative(x);
      x += step;
      if (-step / x < 1e-8) {
        break;
      }
    }
    return x;
  }

  /** Returns the derivative of trigamma. */
  private static double derivative(double x) {
    double h = 1e-4 * x;
    return (Trigamma.value(x + h) - Trigamma.value(x - h)) / (2 * h);
  }
}
