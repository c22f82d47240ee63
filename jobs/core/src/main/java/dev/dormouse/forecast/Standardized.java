package dev.dormouse.forecast;

import java.util.Arrays;

/** Numbers as distances from their mean, in standard deviations. */
final class Standardized {
  private Standardized() {}

  /** The same numbers with mean 0 and standard deviation 1; all 0 if they do not differ. */
  static double[] of(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    double sd =
        Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0));
    return Arrays.stream(values).map(v -> sd > 0 ? (v - mean) / sd : 0).toArray();
  }
}
