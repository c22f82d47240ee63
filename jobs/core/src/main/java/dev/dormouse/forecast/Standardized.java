package dev.dormouse.forecast;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.StandardDeviation;

/** Standardizes numbers: distances from a mean, in standard deviations. */
record Standardized(double mean, double sd) {
  private static final double NEGLIGIBLE = 1e-9;

  /** Returns the scale on which these numbers have mean 0 and standard deviation 1. */
  static Standardized over(double[] values) {
    return new Standardized(
        Mean.of(values).getAsDouble(), StandardDeviation.of(values).setBiased(true).getAsDouble());
  }

  /** Returns whether the numbers that made it differ by more than rounding. */
  boolean differs() {
    return sd > NEGLIGIBLE;
  }

  /** Returns a number on this scale; 0 if the numbers that made it do not differ. */
  double of(double value) {
    return differs() ? (value - mean) / sd : 0;
  }

  /** Returns the numbers with mean 0 and standard deviation 1; all 0 if they do not differ. */
  static double[] of(double[] values) {
    Standardized scale = over(values);
    return Arrays.stream(values).map(scale::of).toArray();
  }
}
