package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Source;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.CampaignResults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The arms that were tried, what the plan left out, and who proposed the arms. Pure.
 *
 * @param arms in the order tried
 * @param leftOut grouped by reason
 */
record TriedSection(List<TriedArm> arms, List<LeftOut> leftOut, List<SourceNote> sources) {
  private static final int FEW = 5;

  /** What the plan left out for one reason: the first few, and the others. */
  record LeftOut(String why, int count, List<String> first, List<String> others) {}

  /** A source of hypotheses and the number of arms it proposed. */
  record SourceNote(String source, int arms, String note) {}

  /**
   * Builds the section.
   *
   * @param insights the insights that the report shows; evidence links to them
   */
  static TriedSection of(CampaignState state, CampaignResults results, InsightSection insights) {
    return new TriedSection(
        arms(state, results, insights.anchors()), leftOut(state), sources(state, results));
  }

  private static List<TriedArm> arms(
      CampaignState state, CampaignResults results, Map<String, String> insightAnchors) {
    Map<String, Hypothesis> hypotheses =
        state.plan().stream()
            .flatMap(plan -> plan.hypotheses().stream())
            .collect(Collectors.toMap(Hypothesis::hypothesisId, h -> h, (a, b) -> a, TreeMap::new));
    List<TriedArm> tried = new ArrayList<>();
    for (ArmResult arm : results.arms()) {
      // An arm that the runbook repaired keeps the hypothesis of the failed arm, but is no test of
      // it.
      Optional<Hypothesis> tested =
          arm.origin().source().equals(Optional.of(Source.RUNBOOK))
              ? Optional.empty()
              : arm.origin().hypothesisId().map(hypotheses::get);
      tried.add(TriedArm.of(arm, tested, insightAnchors, ReportRuns.arm(tried.size() + 1)));
    }
    return tried;
  }

  private static List<LeftOut> leftOut(CampaignState state) {
    Map<String, List<String>> byReason =
        state.plan().stream()
            .flatMap(plan -> plan.notTried().stream())
            .collect(
                Collectors.groupingBy(
                    Plan.NotTried::why,
                    LinkedHashMap::new,
                    Collectors.mapping(Plan.NotTried::what, Collectors.toList())));
    List<LeftOut> leftOut = new ArrayList<>();
    byReason.forEach(
        (why, all) -> {
          int few = Math.min(FEW, all.size());
          leftOut.add(
              new LeftOut(why, all.size(), all.subList(0, few), all.subList(few, all.size())));
        });
    return leftOut;
  }

  private static List<SourceNote> sources(CampaignState state, CampaignResults results) {
    Map<Source, Long> arms =
        results.arms().stream()
            .flatMap(arm -> arm.origin().source().stream())
            .collect(Collectors.groupingBy(source -> source, TreeMap::new, Collectors.counting()));
    List<SourceNote> sources = new ArrayList<>();
    for (Source source : Source.values()) {
      int count = arms.getOrDefault(source, 0L).intValue();
      if (count > 0 || source == Source.LLM) {
        sources.add(new SourceNote(source.id(), count, ReportWords.source(state, source, count)));
      }
    }
    return sources;
  }
}
