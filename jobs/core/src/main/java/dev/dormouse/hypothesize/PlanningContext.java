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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
 * @param confirmed winners that earlier campaigns of the study confirmed
 */
public record PlanningContext(
    CampaignSpec spec,
    List<Insight> insights,
    List<Technique> techniques,
    List<Run> recipes,
    List<Run> studyRuns,
    List<PastResult> history,
    double noiseSd,
    CostEstimate runCost,
    List<ConfirmedWinner> confirmed) {
  public PlanningContext {
    insights = List.copyOf(insights);
    techniques = List.copyOf(techniques);
    recipes = List.copyOf(recipes);
    studyRuns = List.copyOf(studyRuns);
    history = List.copyOf(history);
    confirmed = List.copyOf(confirmed);
    if (!(noiseSd > 0)) {
      throw new IllegalArgumentException("Seed noise is " + noiseSd + "; it must be above 0");
    }
  }

  /** The knowledge of a study without confirmed winners. */
  public PlanningContext(
      CampaignSpec spec,
      List<Insight> insights,
      List<Technique> techniques,
      List<Run> recipes,
      List<Run> studyRuns,
      List<PastResult> history,
      double noiseSd,
      CostEstimate runCost) {
    this(spec, insights, techniques, recipes, studyRuns, history, noiseSd, runCost, List.of());
  }

  /**
   * Returns a run of this study that tried an arm, one with success if there is one. Runs that tell
   * nothing of their arm do not count.
   */
  Optional<String> triedBefore(Arm arm) {
    return runsOf(arm).stream().map(Run::runId).findFirst();
  }

  /** Returns the runs of this study that tell something of an arm, those with success first. */
  List<Run> runsOf(Arm arm) {
    return studyRuns.stream()
        .filter(run -> run.arm().equals(arm) && StudyKnowledge.tells(run.status()))
        .sorted(Comparator.comparing(run -> run.status() != RunStatus.OK))
        .toList();
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
