package dev.dormouse.mine;

import java.util.Locale;

/** What is known of metrics by their name. */
final class Metrics {
  private Metrics() {}

  /** 1 if more of it is better, -1 if less. */
  static int orientation(String metric) {
    String name = metric.toLowerCase(Locale.ROOT);
    boolean lowerIsBetter =
        name.contains("loss")
            || name.contains("error")
            || name.endsWith("rmse")
            || name.endsWith("mae");
    return lowerIsBetter ? -1 : 1;
  }

  /** The name as sentences write it. */
  static String text(String metric) {
    return metric.toUpperCase(Locale.ROOT);
  }
}
