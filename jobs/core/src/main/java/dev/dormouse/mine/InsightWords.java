package dev.dormouse.mine;

import dev.dormouse.stats.Estimate;
import java.util.Locale;

/** Formats numbers in statements. */
final class InsightWords {
  private InsightWords() {}

  /** Formats a gain with its interval. */
  static String gain(Estimate gain, String metric) {
    return String.format(
        Locale.ROOT,
        "%s %s [%s, %s]",
        signed(gain.mean()),
        metric,
        signed(gain.low()),
        signed(gain.high()));
  }

  /**
   * Formats a number with its sign and four decimals; in scientific notation if these are zeros.
   */
  static String signed(double number) {
    boolean tiny = number != 0 && Math.abs(number) < 0.00005;
    return String.format(Locale.ROOT, tiny ? "%+.1e" : "%+.4f", number);
  }
}
