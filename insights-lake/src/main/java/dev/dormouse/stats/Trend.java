package dev.dormouse.stats;

import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.RankingAlgorithm;
import org.apache.commons.statistics.ranking.TiesStrategy;

/**
 * A monotone trend of y over x that is robust to single outliers.
 *
 * @param slope median of the slopes between points (Theil 1950, Sen 1968), with the 95% interval of
 *     Sen from the distribution of Kendall's statistic
 * @param correlation rank correlation (Spearman 1904), between -1 and 1
 * @param pValue two-sided test of no trend: exact by all permutations up to 8 points, else
 *     Student's t for the rank correlation
 */
public record Trend(Estimate slope, double correlation, double pValue) {
  private static final int EXACT_UP_TO = 8;
  private static final double Z95 = 1.959964;
  private static final RankingAlgorithm RANKS = new NaturalRanking(TiesStrategy.AVERAGE);

  /**
   * Fits the trend of points.
   *
   * @throws IllegalArgumentException below three points
   */
  public static Trend of(double[] x, double[] y) {
    int n = x.length;
    if (n < 3 || n != y.length) {
      throw new IllegalArgumentException("A trend needs three points or more; got " + n);
    }
    double[] slopes = slopes(x, y);
    int m = slopes.length;
    double spread = Z95 * Math.sqrt(n * (n - 1) * (2 * n + 5) / 18.0);
    int low = (int) Math.max(0, Math.floor((m - spread) / 2));
    int high = (int) Math.min(m - 1.0, Math.ceil((m + spread) / 2));
    double median = Median.withDefaults().evaluate(slopes);
    double[] rankX = RANKS.apply(x);
    double[] rankY = RANKS.apply(y);
    double correlation = correlation(rankX, rankY);
    return new Trend(
        new Estimate(median, slopes[low], slopes[high]),
        correlation,
        n <= EXACT_UP_TO ? exact(rankX, rankY, correlation) : approximate(n, correlation));
  }

  private static double[] slopes(double[] x, double[] y) {
    return IntStream.range(0, x.length)
        .boxed()
        .flatMapToDouble(
            i ->
                IntStream.range(i + 1, x.length)
                    .filter(j -> x[i] != x[j])
                    .mapToDouble(j -> (y[j] - y[i]) / (x[j] - x[i])))
        .sorted()
        .toArray();
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = Samples.mean(a);
    double meanB = Samples.mean(b);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return aa == 0 || bb == 0 ? 0 : ab / Math.sqrt(aa * bb);
  }

  private static double exact(double[] rankX, double[] rankY, double observed) {
    long[] counts = new long[2];
    permute(rankY.clone(), 0, rankX, Math.abs(observed) - 1e-12, counts);
    return (double) counts[0] / counts[1];
  }

  private static void permute(
      double[] order, int from, double[] rankX, double threshold, long[] counts) {
    if (from == order.length) {
      counts[1]++;
      counts[0] += Math.abs(correlation(rankX, order)) >= threshold ? 1 : 0;
      return;
    }
    for (int i = from; i < order.length; i++) {
      swap(order, from, i);
      permute(order, from + 1, rankX, threshold, counts);
      swap(order, from, i);
    }
  }

  private static void swap(double[] values, int i, int j) {
    double kept = values[i];
    values[i] = values[j];
    values[j] = kept;
  }

  private static double approximate(int n, double correlation) {
    double rest = Math.max(1e-12, 1 - correlation * correlation);
    double t = Math.abs(correlation) * Math.sqrt((n - 2) / rest);
    return 2 * TDistribution.of(n - 2).survivalProbability(t);
  }
}
