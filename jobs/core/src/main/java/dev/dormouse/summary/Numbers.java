package dev.dormouse.summary;

import dev.dormouse.model.GpuHours;
import java.util.Locale;

/** Formats numbers for people. The minus is typographic, so that columns of numbers align. */
public final class Numbers {
  private Numbers() {}

  /** Formats a gain with its sign, five digits. */
  public static String gain(double gain) {
    return typeset("%+.5f", gain);
  }

  /** Formats a metric's value, five digits. */
  public static String metric(double value) {
    return typeset("%.5f", value);
  }

  /** Formats a p-value; a very small one as a bound. */
  public static String pValue(double p) {
    return p < 0.0001 ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }

  /** Formats an interval of gains; an unbounded one as unknown. */
  public static String interval(double low, double high) {
    return Double.isFinite(low) && Double.isFinite(high)
        ? typeset("[%+.5f, %+.5f]", low, high)
        : "interval unknown";
  }

  /** Formats a cost in GPU-hours. */
  public static String gpuHours(long micros) {
    return gpuHours(GpuHours.hours(micros));
  }

  /** Formats a cost in GPU-hours. */
  public static String gpuHours(double hours) {
    return String.format(Locale.ROOT, hours < 10 ? "%.4f" : "%.1f", hours);
  }

  /** Formats a share in percent. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f%%", 100 * share);
  }

  /** Formats a number of minutes. */
  public static String minutes(double minutes) {
    return String.format(Locale.ROOT, minutes < 10 ? "%.1f" : "%.0f", minutes);
  }

  /** Replaces the typographic minus by the one that every terminal has. */
  static String forTerminal(String number) {
    return number.replace('−', '-');
  }

  private static String typeset(String format, Object... numbers) {
    return String.format(Locale.ROOT, format, numbers).replace('-', '−');
  }
}
