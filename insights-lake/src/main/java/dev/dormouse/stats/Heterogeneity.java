package dev.dormouse.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * An assumption on how true effects differ between measurements: they are normally distributed with
 * standard deviation {@code tau}, and the share {@code shared} of the variance is common to a
 * group.
 *
 * @param tau standard deviation of true effects between measurements
 * @param shared between 0 and 1
 * @param plausibility prior weight; only proportions matter
 */
public record Heterogeneity(double tau, double shared, double plausibility) {
  private static final double[] SHARES = {0, 0.2, 0.5, 1};

  /** Smallest tau above 0 in the grid, in standard deviations of a measurement. */
  private static final double FINEST = 0.25;

  /** Plausibility of no heterogeneity. */
  private static final double NONE = 0.5;

  /**
   * Returns the values to average over: none, and standard deviations from well below that of a
   * measurement to the largest that could matter, each a factor of two apart. Their plausibility is
   * that of a half-Cauchy distribution with the scale of a measurement (Gelman 2006, "Prior
   * distributions for variance parameters in hierarchical models").
   *
   * @param measurement standard deviation of a typical measurement
   * @param largest the largest tau that could matter
   */
  public static List<Heterogeneity> grid(double measurement, double largest) {
    List<Heterogeneity> cells = new ArrayList<>(List.of(new Heterogeneity(0, 0, NONE)));
    double end = 2 * Math.max(FINEST * measurement, largest);
    for (double tau = FINEST * measurement; tau < end; tau *= 2) {
      double relative = tau / measurement;
      double plausibility = relative / (1 + relative * relative) / SHARES.length;
      for (double shared : SHARES) {
        cells.add(new Heterogeneity(tau, shared, plausibility));
      }
    }
    return List.copyOf(cells);
  }
}
