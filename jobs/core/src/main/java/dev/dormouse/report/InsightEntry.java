package dev.dormouse.report;

import dev.dormouse.model.Insight;
import java.util.List;
import java.util.stream.Stream;

/**
 * An insight in words.
 *
 * @param trapOf the tempting but wrong conclusion; empty unless the insight is a trap
 * @param evidence some of the runs behind it
 */
record InsightEntry(
    String kind, String statement, String trapOf, List<String> evidence, String id) {
  private static final int MOST_EVIDENCE = 4;

  static InsightEntry of(Insight insight) {
    return new InsightEntry(
        insight.kind().id().replace('_', ' '),
        ReportWords.sentence(insight.statement()),
        insight.trapOf(),
        insight.evidence().stream().limit(MOST_EVIDENCE).toList(),
        insight.insightId());
  }

  static List<InsightEntry> all(Stream<Insight> insights) {
    return insights.map(InsightEntry::of).toList();
  }
}
