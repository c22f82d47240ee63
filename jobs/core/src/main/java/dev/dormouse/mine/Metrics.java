package dev.dormouse.mine;

import java.util.Locale;

/** What is known of metrics by their name. */
final class Metrics {
  /** Matches the names of metrics of which less is better, in lower case. */
  static final String LOWER_IS_BETTER = ".*(loss|error).*|.*(rmse|mae)";

  private Metrics() {}

  /** 1 if more of it is better, -1 if less. */
  static int orientation(String metric) {
    return metric.toLowerCase(Locale.ROOT).matches(LOWER_IS_BETTER) ? -1 : 1;
  }

  /** The name as sentences write it. */
  static String text(String metric) {
    return metric.toUpperCase(Locale.ROOT);
  }
}
