package dev.dormouse.hypothesize;

import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.forecast.PastResult;
import dev.dormouse.forecast.StudyKnowledge;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Technique;
import dev.dormouse.search.CandidateArms;
import dev.dormouse.search.Outlook;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The knowledge that hypotheses are made from.
 *
 * @param spec the campaign
 * @param insights the newest insights, in order of use
 * @param techniques the technique cards
 * @param recipes the best run of each past study with the campaign's metric
 * @param studyRuns runs already in the lake for the campaign's own study
 * @param history results of other studies with the campaign's metric
 * @param noiseSd expected seed noise, in metric units, above 0
 * @param runCost expected cost of one run
 */
public record PlanningContext(
    CampaignSpec spec,
    List<Insight> insights,
    List<Technique> techniques,
    List<Run> recipes,
    List<Run> studyRuns,
    List<PastResult> history,
    double noiseSd,
    CostEstimate runCost) {
  public PlanningContext {
    insights = List.copyOf(insights);
    techniques = List.copyOf(techniques);
    recipes = List.copyOf(recipes);
    studyRuns = List.copyOf(studyRuns);
    history = List.copyOf(history);
    if (!(noiseSd > 0)) {
      throw new IllegalArgumentException("Seed noise is " + noiseSd + "; it must be above 0");
    }
  }

  /**
   * Returns the arms that this study tried, each with a run to cite: one that ended well if any
   * did. Arms whose runs all failed are among them unless the campaign does not use history.
   */
  Map<Arm, String> tried() {
    Map<Arm, String> tried = new LinkedHashMap<>();
    studyRuns.stream()
        .filter(run -> run.status() == RunStatus.OK)
        .forEach(run -> tried.putIfAbsent(run.arm(), run.runId()));
    studyRuns.stream()
        .filter(run -> spec.sources().history() && run.status().tellsOfArm())
        .forEach(run -> tried.putIfAbsent(run.arm(), run.runId()));
    return tried;
  }

  /** Learns from past runs what to expect of any arm. */
  public Outlook outlook() {
    boolean enabled = spec.sources().history();
    return new Outlook(
        spec,
        enabled
            ? HistoryPrior.learn(history, CandidateArms.sample(spec.searchSpace(), spec.baseline()))
            : HistoryPrior.none(),
        enabled ? StudyKnowledge.of(studyRuns, spec, noiseSd) : List.of(),
        noiseSd,
        new MinedRisks(this));
  }
}
