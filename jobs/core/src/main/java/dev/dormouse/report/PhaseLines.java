package dev.dormouse.report;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.Numbers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds the table of phases, as planned and as executed. Pure. */
final class PhaseLines {
  private PhaseLines() {}

  /**
   * One phase.
   *
   * @param began time of its start, UTC; empty if it has not started
   * @param why the reason for its start, and for a change of its trials
   * @param anchor the list of its first runs
   */
  record PhaseLine(
      CampaignSummary.PhaseCounts trials, String began, String why, Cost cost, String anchor) {}

  /** Planned cost with its interval, and the cost so far; GPU-hours. */
  record Cost(String expected, String interval, String used) {}

  /** Returns one line per phase, in order. */
  static List<PhaseLine> of(CampaignState state, List<LoggedEvent> events, ReportRuns listed) {
    Map<Phase, LoggedEvent> starts = new TreeMap<>();
    Map<Phase, String> changes = new TreeMap<>();
    for (LoggedEvent event : events) {
      if (event.event() instanceof CampaignEvent.PhaseStarted started) {
        starts.putIfAbsent(started.phase(), event);
      } else if (event.event() instanceof CampaignEvent.SplitChanged split) {
        changes.merge(
            split.phase(),
            "; " + split.trials() + " trials from then on, since " + split.reason(),
            String::concat);
      }
    }
    return Arrays.stream(Phase.values())
        .map(
            phase -> {
              LoggedEvent start = starts.get(phase);
              return new PhaseLine(
                  CampaignSummary.counts(state, phase),
                  start == null ? "" : Timestamps.second(start.at()),
                  start == null
                      ? ""
                      : ((CampaignEvent.PhaseStarted) start.event()).reason()
                          + changes.getOrDefault(phase, ""),
                  cost(state, phase),
                  anchor(state, phase, listed));
            })
        .toList();
  }

  private static Cost cost(CampaignState state, Phase phase) {
    Plan.CostEstimate planned =
        state.plan().stream()
            .flatMap(plan -> plan.phases().stream())
            .filter(one -> one.phase() == phase)
            .map(Plan.PhasePlan::cost)
            .findFirst()
            .orElse(new Plan.CostEstimate(0, 0, 0, ""));
    return new Cost(
        Numbers.gpuHours(planned.expectedMicros()),
        Numbers.gpuHours(planned.lowMicros()) + "–" + Numbers.gpuHours(planned.highMicros()),
        Numbers.gpuHours(state.of(phase).stream().mapToLong(Attempt::settledMicros).sum()));
  }

  private static String anchor(CampaignState state, Phase phase, ReportRuns listed) {
    return state.of(phase).stream()
        .filter(attempt -> !attempt.released())
        .findFirst()
        .map(attempt -> listed.anchor(attempt.key()))
        .orElse(ReportRuns.ALL);
  }
}
