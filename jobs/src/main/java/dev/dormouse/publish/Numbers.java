package dev.dormouse.publish;

import java.util.Locale;

/** Numbers for people. */
final class Numbers {
  private Numbers() {}

  /** A gain with its sign, five digits. */
  static String gain(double gain) {
    return String.format(Locale.ROOT, "%+.5f", gain);
  }

  /** A metric's value, five digits. */
  static String metric(double value) {
    return String.format(Locale.ROOT, "%.5f", value);
  }

  /** A p-value; very small ones as a bound. */
  static String pValue(double p) {
    return p < 0.0001 ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }

  /** An interval of gains; an unbounded one is said to be unknown. */
  static String interval(double low, double high) {
    return Double.isFinite(low) && Double.isFinite(high)
        ? String.format(Locale.ROOT, "[%+.5f, %+.5f]", low, high)
        : "interval unknown";
  }
}
