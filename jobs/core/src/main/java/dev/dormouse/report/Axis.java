package dev.dormouse.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear axis: converts data to drawing units and chooses round tick marks.
 *
 * @param low data at the beginning
 * @param high data at the end, above {@code low}
 * @param from drawing unit at the beginning
 * @param to drawing unit at the end; may be smaller, for axes that grow upwards
 */
record Axis(double low, double high, double from, double to) {
  private static final int ABOUT_TICKS = 6;

  Axis {
    if (!(high > low)) {
      high = low + 1;
    }
  }

  /** A tick mark. */
  record Tick(double at, String label) {}

  /** Returns the position of a value, clamped to the ends, rounded to a tenth of a unit. */
  double at(double value) {
    double share = Math.min(1, Math.max(0, (value - low) / (high - low)));
    return tenth(from + share * (to - from));
  }

  /** Rounds to a tenth of a unit. */
  static double tenth(double unit) {
    return Math.rint(10 * unit) / 10;
  }

  /** Returns tick marks at round values: steps of 1, 2 or 5 times a power of ten. */
  List<Tick> ticks() {
    double rough = (high - low) / ABOUT_TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double share = rough / power;
    double step = power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    List<Tick> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
      ticks.add(new Tick(at(i * step), label(i * step, digits)));
    }
    return ticks;
  }

  private static String label(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value).replace('-', '−');
  }
}
