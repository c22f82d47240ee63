package dev.dormouse.mine;

import dev.dormouse.stats.Estimate;
import java.util.Locale;

/** How sentences write numbers. */
final class InsightWords {
  private InsightWords() {}

  /** A gain with its interval, in the digits that matter. */
  static String gain(Estimate gain, String metric) {
    return String.format(
        Locale.ROOT,
        "%s %s [%s, %s]",
        signed(gain.mean()),
        metric,
        signed(gain.low()),
        signed(gain.high()));
  }

  /** With sign; four digits after the point, more where these would all be zeros. */
  static String signed(double number) {
    boolean tiny = number != 0 && Math.abs(number) < 0.00005;
    return String.format(Locale.ROOT, tiny ? "%+.1e" : "%+.4f", number);
  }
}
