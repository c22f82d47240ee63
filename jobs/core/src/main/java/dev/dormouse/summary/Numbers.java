package dev.dormouse.summary;

import dev.dormouse.model.GpuHours;
import java.util.Locale;

/** Numbers for people. A minus is a real minus sign, so that columns of numbers line up. */
public final class Numbers {
  private Numbers() {}

  /** A gain with its sign, five digits. */
  public static String gain(double gain) {
    return typeset("%+.5f", gain);
  }

  /** A metric's value, five digits. */
  public static String metric(double value) {
    return typeset("%.5f", value);
  }

  /** A p-value; very small ones as a bound. */
  public static String pValue(double p) {
    return p < 0.0001 ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }

  /** An interval of gains; an unbounded one is said to be unknown. */
  public static String interval(double low, double high) {
    return Double.isFinite(low) && Double.isFinite(high)
        ? typeset("[%+.5f, %+.5f]", low, high)
        : "interval unknown";
  }

  /** A cost in GPU-hours, as exact as is of use. */
  public static String gpuHours(long micros) {
    return gpuHours(GpuHours.hours(micros));
  }

  /** A cost in GPU-hours, as exact as is of use. */
  public static String gpuHours(double hours) {
    return String.format(Locale.ROOT, hours < 10 ? "%.4f" : "%.1f", hours);
  }

  /** A share in percent. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f%%", 100 * share);
  }

  /** A number of minutes. */
  public static String minutes(double minutes) {
    return String.format(Locale.ROOT, minutes < 10 ? "%.1f" : "%.0f", minutes);
  }

  /** The same with the minus that every terminal has. */
  static String forTerminal(String number) {
    return number.replace('−', '-');
  }

  private static String typeset(String format, Object... numbers) {
    return String.format(Locale.ROOT, format, numbers).replace('-', '−');
  }
}
