package dev.dormouse.eval.live;

import java.util.ArrayList;
import java.util.List;

/**
 * Computes normalised regret on a surface: 1 is as good as the baseline, 0 as the highest point.
 *
 * @param best value of the highest point
 * @param baseline value of the baseline
 */
record SurfaceRegret(double best, double baseline) {
  SurfaceRegret {
    if (!(best > baseline)) {
      throw new IllegalArgumentException(
          "The best value is " + best + "; it must be above the baseline's, " + baseline);
    }
  }

  /**
   * Returns the regret of the best of the first 1, 2 ... {@code budget} trainings. If there are
   * fewer, the last value stays.
   *
   * @param values values without noise of what was trained, in order; at least one
   */
  List<Double> curve(List<Double> values, int budget) {
    List<Double> curve = new ArrayList<>();
    double incumbent = Double.NEGATIVE_INFINITY;
    for (int n = 0; n < budget; n++) {
      if (n < values.size()) {
        incumbent = Math.max(incumbent, values.get(n));
      }
      curve.add(Math.max(0, (best - incumbent) / (best - baseline)));
    }
    return curve;
  }

  /** Returns the mean of curves of the same length, step by step. */
  static List<Double> mean(List<List<Double>> curves) {
    List<Double> mean = new ArrayList<>();
    for (int n = 0; n < curves.get(0).size(); n++) {
      int step = n;
      mean.add(curves.stream().mapToDouble(curve -> curve.get(step)).average().orElseThrow());
    }
    return mean;
  }
}
