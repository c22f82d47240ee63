package dev.dormouse.hypothesize;

import dev.dormouse.caution.HistoryCoverage;
import dev.dormouse.caution.HistoryCoverage.PastArm;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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

  /** Returns the runs of this study that tell something of an arm, those with success first. */
  List<Run> runsOf(Arm arm) {
    return studyRuns.stream()
        .filter(run -> run.arm().equals(arm) && run.status().tellsOfArm())
        .sorted(Comparator.comparing(run -> run.status() != RunStatus.OK))
        .toList();
  }

  /**
   * Returns the same knowledge for another campaign.
   *
   * @throws IllegalArgumentException if it has another study, objective or training, on which the
   *     knowledge depends
   */
  public PlanningContext of(CampaignSpec other) {
    if (!other.study().equals(spec.study())
        || !other.objective().equals(spec.objective())
        || !other.training().equals(spec.training())) {
      throw new IllegalArgumentException(
          "What was read for campaign "
              + spec.campaignId()
              + " does not hold for "
              + other.campaignId()
              + ", whose study, objective or training differs");
    }
    return new PlanningContext(
        other, insights, techniques, recipes, studyRuns, history, noiseSd, runCost, confirmed);
  }

  /**
   * Learns from the runs of other studies, if the campaign may use them.
   *
   * @param representative arms that represent the campaign's search space
   */
  public HistoryPrior prior(Collection<Arm> representative) {
    return spec.sources().history()
        ? HistoryPrior.learn(history, representative)
        : HistoryPrior.none();
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

  /** Returns how far past runs with the campaign's metric cover its search space. */
  public HistoryCoverage coverage() {
    Stream<PastArm> ofStudy =
        studyRuns.stream()
            .filter(run -> run.study().metric().equals(spec.objective().metric()))
            .map(run -> new PastArm(run.study().id(), run.arm()));
    return new HistoryCoverage(
        spec,
        Stream.concat(history.stream().map(past -> new PastArm(past.study(), past.arm())), ofStudy)
            .toList());
  }

  /** Learns from past runs what to expect of any arm. */
  public Outlook outlook() {
    return outlook(prior(CandidateArms.sample(spec.searchSpace(), spec.baseline())));
  }

  /**
   * Returns what to expect of any arm.
   *
   * @param prior learnt from the runs of other studies
   */
  public Outlook outlook(HistoryPrior prior) {
    return new Outlook(
        spec,
        prior,
        spec.sources().history() ? StudyKnowledge.of(studyRuns, spec, noiseSd) : List.of(),
        noiseSd,
        new MinedRisks(this));
  }
}
