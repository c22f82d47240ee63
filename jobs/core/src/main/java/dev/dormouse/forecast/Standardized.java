package dev.dormouse.forecast;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.StandardDeviation;

/** Standardizes numbers: distances from their mean, in standard deviations. */
final class Standardized {
  private Standardized() {}

  /** Returns the numbers with mean 0 and standard deviation 1; all 0 if they do not differ. */
  static double[] of(double[] values) {
    double mean = Mean.of(values).getAsDouble();
    double sd = StandardDeviation.of(values).setBiased(true).getAsDouble();
    return Arrays.stream(values).map(v -> sd > 0 ? (v - mean) / sd : 0).toArray();
  }
}
