package dev.dormouse.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * How true effects differ between measurements: normally, with standard deviation {@code tau}, of
 * whose square the share {@code shared} is common to a group.
 *
 * @param tau standard deviation of true effects between measurements
 * @param shared between 0 and 1
 */
public record Heterogeneity(double tau, double shared) {
  private static final double[] SHARES = {0, 0.5, 1};

  /**
   * The values to average over: none, and standard deviations from well below to the largest that
   * could matter, each a factor of two apart.
   *
   * @param smallest the smallest tau to tell from none
   * @param largest the largest that could matter
   */
  public static List<Heterogeneity> grid(double smallest, double largest) {
    List<Heterogeneity> cells = new ArrayList<>(List.of(new Heterogeneity(0, 0)));
    for (double tau = smallest; tau < 2 * largest; tau *= 2) {
      for (double shared : SHARES) {
        cells.add(new Heterogeneity(tau, shared));
      }
    }
    return List.copyOf(cells);
  }
}
