package dev.dormouse.report;

import java.util.Locale;

/**
 * One number of a page's summary.
 *
 * @param anchor the place on the page that explains the number
 */
record Tile(String value, String label, String anchor) {
  static Tile of(long number, String label, String anchor) {
    return new Tile(String.format(Locale.ROOT, "%,d", number), label, anchor);
  }
}
