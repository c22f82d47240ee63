package dev.dormouse.report;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What each phase was planned to be and what it was. Pure. */
final class PhaseLines {
  private PhaseLines() {}

  /**
   * A phase.
   *
   * @param why the reason for which it began
   * @param expected its planned cost with its interval, GPU-hours
   * @param anchor where its first runs are listed
   */
  record PhaseLine(
      String phase,
      String began,
      String why,
      int planned,
      int done,
      int failed,
      String expected,
      String interval,
      String used,
      String anchor) {}

  static List<PhaseLine> of(CampaignState state, List<LoggedEvent> events, ReportRuns listed) {
    Map<Phase, LoggedEvent> begun = new TreeMap<>();
    for (LoggedEvent event : events) {
      if (event.event() instanceof CampaignEvent.PhaseStarted started) {
        begun.putIfAbsent(started.phase(), event);
      }
    }
    List<PhaseLine> lines = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      LoggedEvent began = begun.get(phase);
      CampaignSummary.PhaseCounts counts = CampaignSummary.counts(state, phase);
      Plan.CostEstimate cost =
          state.plan().stream()
              .flatMap(plan -> plan.phases().stream())
              .filter(planned -> planned.phase() == phase)
              .map(Plan.PhasePlan::cost)
              .findFirst()
              .orElse(new Plan.CostEstimate(0, 0, 0, ""));
      lines.add(
          new PhaseLine(
              phase.id(),
              began == null ? "" : ReportView.second(began.at()),
              began == null ? "" : ((CampaignEvent.PhaseStarted) began.event()).reason(),
              counts.planned(),
              counts.done(),
              counts.failed(),
              Numbers.gpuHours(cost.expectedMicros()),
              Numbers.gpuHours(cost.lowMicros()) + "–" + Numbers.gpuHours(cost.highMicros()),
              Numbers.gpuHours(state.of(phase).stream().mapToLong(Attempt::settledMicros).sum()),
              anchor(state, phase, listed)));
    }
    return lines;
  }

  private static String anchor(CampaignState state, Phase phase, ReportRuns listed) {
    return state.of(phase).stream()
        .filter(attempt -> !attempt.released())
        .findFirst()
        .map(attempt -> listed.anchor(attempt.key()))
        .orElse(ReportRuns.ALL);
  }
}
