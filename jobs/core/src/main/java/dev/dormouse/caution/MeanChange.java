package dev.dormouse.caution;

import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.Samples;
import java.util.Optional;

/** Tells whether the mean of a metric changed between two groups of runs of one arm. */
public final class MeanChange {
  private MeanChange() {}

  /**
   * Returns the later mean minus the earlier one with Student's 95% interval; empty unless both
   * groups have two values.
   */
  public static Optional<Estimate> between(double[] earlier, double[] later) {
    if (earlier.length < 2 || later.length < 2) {
      return Optional.empty();
    }
    double degrees = earlier.length + later.length - 2.0;
    double variance =
        ((earlier.length - 1) * Samples.variance(earlier)
                + (later.length - 1) * Samples.variance(later))
            / degrees;
    double half =
        Samples.tQuantile(degrees)
            * Math.sqrt(variance * (1.0 / earlier.length + 1.0 / later.length));
    double difference = Samples.mean(later) - Samples.mean(earlier);
    return Optional.of(new Estimate(difference, difference - half, difference + half));
  }

  /** Returns whether the interval of a change leaves out 0. */
  public static boolean isClear(Estimate change) {
    return change.low() > 0 || change.high() < 0;
  }
}
