package dev.dormouse.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Control of the false discovery rate over many tests. */
public final class FalseDiscovery {
  private FalseDiscovery() {}

  /**
   * Returns the adjusted p-values of Benjamini and Hochberg (1995): the smallest false discovery
   * rate at which each test would be reported.
   *
   * @return q-values in the order of the p-values
   */
  public static double[] qValues(double[] pValues) {
    double[] equal = new double[pValues.length];
    Arrays.fill(equal, 1);
    return qValues(pValues, equal);
  }

  /**
   * Returns adjusted p-values of weighted tests (Genovese, Roeder and Wasserman 2006, "False
   * discovery control with p-value weighting"): the error rate is controlled with any weights that
   * do not depend on the p-values; good weights increase power.
   *
   * @param weights above 0, one for each test; only their proportions matter
   */
  public static double[] qValues(double[] pValues, double[] weights) {
    int n = pValues.length;
    double mean = Arrays.stream(weights).average().orElse(1);
    double[] weighted = new double[n];
    Arrays.setAll(weighted, i -> pValues[i] * mean / weights[i]);
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> weighted[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] q = new double[n];
    double smallest = 1;
    for (int rank = n; rank >= 1; rank--) {
      int test = order[rank - 1];
      smallest = Math.min(smallest, weighted[test] * n / rank);
      q[test] = smallest;
    }
    return q;
  }
}
