package dev.dormouse.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * How true effects differ between measurements: normally, with standard deviation {@code tau}, of
 * whose square the share {@code shared} is common to a group.
 *
 * @param tau standard deviation of true effects between measurements
 * @param shared between 0 and 1
 * @param plausibility before any effect is seen; only proportions matter
 */
public record Heterogeneity(double tau, double shared, double plausibility) {
  private static final double[] SHARES = {0, 0.2, 0.5, 1};

  /** The smallest tau to tell from none, in standard deviations of a measurement. */
  private static final double FINEST = 0.25;

  /** None at all is as plausible as this share of the most plausible tau. */
  private static final double NONE = 0.5;

  /**
   * The values to average over: none, and standard deviations from well below that of a measurement
   * to the largest that could matter, each a factor of two apart. Their plausibility is that of a
   * half-Cauchy distribution with the scale of a measurement (Gelman 2006, "Prior distributions for
   * variance parameters in hierarchical models").
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
