package dev.dormouse.model;

import java.time.Duration;
import java.util.Locale;

/**
 * Compute cost as whole micro-GPU-hours, so that reserving and settling never lose a fraction to
 * rounding. Where a job uses no GPU, one hour of the job counts as one.
 */
public final class GpuHours {
  private static final double MICROS = 1_000_000;

  private GpuHours() {}

  /** Micro-GPU-hours of a number of hours, rounded up. */
  public static long micros(double hours) {
    return (long) Math.ceil(hours * MICROS - 1e-6);
  }

  /**
   * Micro-GPU-hours that a job of this length costs on so many GPUs (0 counts as one), rounded up.
   */
  public static long micros(Duration length, int gpus) {
    return micros(length.toMillis() / 3_600_000.0 * Math.max(1, gpus));
  }

  /** Hours of a number of micro-GPU-hours. */
  public static double hours(long micros) {
    return micros / MICROS;
  }

  /** For people: {@code 1.25 GPU-hours}, or seconds when it is less than a hundredth of an hour. */
  public static String text(long micros) {
    double hours = hours(micros);
    return hours < 0.01
        ? String.format(Locale.ROOT, "%.1f GPU-seconds", hours * 3600)
        : String.format(Locale.ROOT, "%.3f GPU-hours", hours);
  }
}
