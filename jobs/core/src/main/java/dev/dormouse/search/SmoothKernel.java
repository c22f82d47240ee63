package dev.dormouse.search;

import java.util.ArrayList;
import java.util.List;

/**
 * Stationary kernel of version 1 of the rules: arms that lie close have similar results. {@code
 * value = offset + trust * forecast + deviation(point)}, where trust ~ N(1, 1), the offset is wide
 * and the deviation is smooth.
 *
 * @param length length scale of the deviation
 * @param amplitude variance of the deviation
 */
record SmoothKernel(double length, double amplitude) implements Kernel {
  private static final double OFFSET_VARIANCE = 4;
  private static final double TRUST_VARIANCE = 1;

  /** Returns the kernels to choose from; the first is used while there are few results. */
  static List<Kernel> choices() {
    List<Kernel> kernels = new ArrayList<>();
    kernels.add(new SmoothKernel(1, 0.6));
    for (double length : new double[] {0.5, 1, 2}) {
      for (double amplitude : new double[] {0.3, 1}) {
        kernels.add(new SmoothKernel(length, amplitude));
      }
    }
    return kernels;
  }

  @Override
  public double covariance(EncodedArm a, EncodedArm b) {
    return amplitude * Kernel.matern(a.distance(b), length)
        + TRUST_VARIANCE * a.forecast() * b.forecast()
        + OFFSET_VARIANCE;
  }
}
