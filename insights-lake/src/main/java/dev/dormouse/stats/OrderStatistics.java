package dev.dormouse.stats;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Quantile;

/**
 * Quantiles that are always one of the given values. Plans and forecasts were recorded by these
 * definitions; the interpolating ones of commons-statistics would change them.
 */
public final class OrderStatistics {
  private static final Quantile INVERSE_CDF =
      Quantile.withDefaults().withCopy(true).with(Quantile.EstimationMethod.HF1);

  private OrderStatistics() {}

  /**
   * Returns the middle value; of an even number of values, the upper of the two middle ones.
   *
   * @return NaN if there is no value
   */
  public static double upperMedian(double... values) {
    return INVERSE_CDF.evaluate(values, Math.nextUp(0.5));
  }

  /**
   * Returns the value at the rank nearest to the quantile: {@code round(p * (n - 1))}, from 0.
   *
   * @param values at least one
   * @param p from 0 to 1
   */
  public static double nearest(double[] values, double p) {
    return atRank(values, (int) Math.round(p * (values.length - 1)));
  }

  /**
   * Returns the value at the rank at or below the quantile: {@code floor(p * (n - 1))}, from 0.
   *
   * @param values at least one
   * @param p from 0 to 1
   */
  public static double lower(double[] values, double p) {
    return atRank(values, (int) (p * (values.length - 1)));
  }

  private static double atRank(double[] values, int rank) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[rank];
  }
}
