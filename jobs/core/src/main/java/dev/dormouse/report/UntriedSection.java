package dev.dormouse.report;

import dev.dormouse.model.Insight.Kind;
import java.util.List;
import java.util.Map;

/**
 * What history hardly covers. Pure.
 *
 * @param coverage values tried, by parameter and study
 * @param biases insights about coverage
 */
record UntriedSection(CoveragePlot coverage, List<InsightEntry> biases) {
  private static final int MOST_BIASES = 12;

  static UntriedSection of(BookData data, Map<String, String> anchors) {
    return new UntriedSection(
        CoveragePlot.of(data, anchors),
        InsightEntry.all(data.insights(Kind.COVERAGE).stream().limit(MOST_BIASES)));
  }
}
