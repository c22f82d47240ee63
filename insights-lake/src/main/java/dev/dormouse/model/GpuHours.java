package dev.dormouse.model;

import java.time.Duration;
import java.util.Locale;

/**
 * Compute cost as whole micro-GPU-hours, so that reserving and settling never lose a fraction to
 * rounding. For a job without GPU, one hour of the job counts as one GPU-hour.
 */
public final class GpuHours {
  private GpuHours() {}

  /** Returns the micro-GPU-hours of a number of hours, rounded up. */
  public static long micros(double hours) {
    return (long) Math.ceil(hours * Micros.PER_UNIT - 1e-6);
  }

  /**
   * Returns the cost of a job of this length on so many GPUs (0 counts as one) in micro-GPU-hours,
   * rounded up.
   */
  public static long micros(Duration length, int gpus) {
    return micros(length.toMillis() / 3_600_000.0 * Math.max(1, gpus));
  }

  /** Returns the hours of a number of micro-GPU-hours. */
  public static double hours(long micros) {
    return micros / (double) Micros.PER_UNIT;
  }

  /**
   * Returns a text for people: {@code 1.250 GPU-hours}, or seconds below a hundredth of an hour.
   */
  public static String text(long micros) {
    double hours = hours(micros);
    return hours < 0.01
        ? String.format(Locale.ROOT, "%.1f GPU-seconds", hours * 3600)
        : String.format(Locale.ROOT, "%.3f GPU-hours", hours);
  }
}
