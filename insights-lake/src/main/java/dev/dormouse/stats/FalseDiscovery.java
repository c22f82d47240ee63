package dev.dormouse.stats;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Control of the false discovery rate over many tests. */
public final class FalseDiscovery {
  private FalseDiscovery() {}

  /**
   * Adjusted p-values of Benjamini and Hochberg (1995): the smallest rate at which each test would
   * be reported.
   *
   * @return q-values in the order of the p-values
   */
  public static double[] qValues(double[] pValues) {
    int n = pValues.length;
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pValues[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] q = new double[n];
    double smallest = 1;
    for (int rank = n; rank >= 1; rank--) {
      int test = order[rank - 1];
      smallest = Math.min(smallest, pValues[test] * n / rank);
      q[test] = smallest;
    }
    return q;
  }
}
