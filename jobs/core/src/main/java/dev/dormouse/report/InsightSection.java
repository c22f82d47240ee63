package dev.dormouse.report;

import dev.dormouse.model.Insight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Insights that the planned hypotheses cite; the strongest ones if none is cited. Pure. */
record InsightSection(String intro, List<InsightLine> insights) {
  private static final int STRONGEST = 5;

  /** One insight mined from history. */
  record InsightLine(
      String statement, String effect, String interval, String basis, String id, String anchor) {

    private static InsightLine of(Insight insight, String anchor) {
      return new InsightLine(
          insight.statement(),
          insight.effect().map(e -> ReportWords.effect(insight.kind(), e.mean())).orElse(""),
          ReportWords.interval(insight),
          insight
              .effect()
              .map(e -> e.nPairs() + " pairs or runs, " + e.nStudies() + " studies")
              .orElse(""),
          insight.insightId(),
          anchor);
    }
  }

  static InsightSection of(ReportData data) {
    Set<String> cited =
        data.state().plan().stream()
            .flatMap(plan -> plan.hypotheses().stream())
            .flatMap(hypothesis -> hypothesis.evidence().stream())
            .collect(Collectors.toSet());
    List<Insight> used =
        data.insights().stream().filter(insight -> cited.contains(insight.insightId())).toList();
    return used.isEmpty()
        ? new InsightSection(
            "No planned hypothesis cites an insight; these are the strongest ones.",
            lines(data.insights().stream().limit(STRONGEST).toList()))
        : new InsightSection(
            "Insights from earlier runs that the plan's hypotheses cite.", lines(used));
  }

  private static List<InsightLine> lines(List<Insight> insights) {
    List<InsightLine> lines = new ArrayList<>();
    for (Insight insight : insights) {
      lines.add(InsightLine.of(insight, "insight-" + (lines.size() + 1)));
    }
    return lines;
  }

  /** Returns the place on the page of each insight, by insight id. */
  Map<String, String> anchors() {
    Map<String, String> anchors = new TreeMap<>();
    insights.forEach(insight -> anchors.put(insight.id(), insight.anchor()));
    return anchors;
  }
}
