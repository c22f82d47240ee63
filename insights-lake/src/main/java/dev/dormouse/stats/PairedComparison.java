package dev.dormouse.stats;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Two arms trained with the same seeds, compared pair by pair; higher is better.
 *
 * @param pairs number of pairs
 * @param baseline mean of the baseline with its t interval
 * @param winner mean of the winner with its t interval
 * @param gain mean of the differences with its paired t interval (Student 1908)
 * @param pValue two-sided sign-flip permutation test of the mean difference (Fisher 1935): exact up
 *     to 20 pairs, else from 100,000 seeded random flips
 */
public record PairedComparison(
    int pairs, Estimate baseline, Estimate winner, Estimate gain, double pValue) {
  private static final int EXACT_UP_TO = 20;
  private static final int RANDOM_FLIPS = 100_000;

  /**
   * Compares values of the same seeds in the same order.
   *
   * @throws IllegalArgumentException if there are no pairs or the lengths differ
   */
  public static PairedComparison of(double[] baseline, double[] winner) {
    if (baseline.length != winner.length || baseline.length == 0) {
      throw new IllegalArgumentException(
          "A paired comparison needs as many values of both; got "
              + baseline.length
              + " and "
              + winner.length);
    }
    double[] gains = new double[baseline.length];
    Arrays.setAll(gains, i -> winner[i] - baseline[i]);
    return new PairedComparison(
        gains.length,
        Samples.meanWithInterval(baseline),
        Samples.meanWithInterval(winner),
        Samples.meanWithInterval(gains),
        signFlip(gains));
  }

  static double signFlip(double[] gains) {
    double observed = Math.abs(Arrays.stream(gains).sum());
    // Sums that differ only by rounding count as equal.
    double threshold = observed - 1e-12 * Math.max(1, observed);
    if (gains.length <= EXACT_UP_TO) {
      long flips = 1L << gains.length;
      long extreme = 0;
      for (long signs = 0; signs < flips; signs++) {
        extreme += Math.abs(flippedSum(gains, signs)) >= threshold ? 1 : 0;
      }
      return (double) extreme / flips;
    }
    SplittableRandom random = new SplittableRandom(gains.length);
    long extreme = 1;
    for (int i = 0; i < RANDOM_FLIPS; i++) {
      double sum = 0;
      for (double gain : gains) {
        sum += random.nextBoolean() ? gain : -gain;
      }
      extreme += Math.abs(sum) >= threshold ? 1 : 0;
    }
    return (double) extreme / (RANDOM_FLIPS + 1);
  }

  private static double flippedSum(double[] gains, long signs) {
    double sum = 0;
    for (int i = 0; i < gains.length; i++) {
      sum += (signs >> i & 1) == 0 ? gains[i] : -gains[i];
    }
    return sum;
  }
}
