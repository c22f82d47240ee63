package dev.dormouse.search;

import java.util.ArrayList;
import java.util.List;

/**
 * The kernel of the first rules: what lies close turns out alike, whatever it is. {@code value =
 * offset + trust * forecast + deviation(point)}, where trust ~ N(1, 1), the offset is wide and the
 * deviation is smooth.
 *
 * @param length distance over which values change
 * @param amplitude variance of the deviation
 */
record SmoothKernel(double length, double amplitude) implements Kernel {
  private static final double OFFSET_VARIANCE = 4;
  private static final double TRUST_VARIANCE = 1;

  /** The first is for few results; with more, the likeliest. */
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
