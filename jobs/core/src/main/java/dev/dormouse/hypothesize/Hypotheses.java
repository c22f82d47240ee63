package dev.dormouse.hypothesize;

import dev.dormouse.caution.HistoryCoverage;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Run;
import dev.dormouse.model.Source;
import dev.dormouse.search.Outlook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Gathers the hypotheses of all sources for a campaign. */
public final class Hypotheses {
  /** Arms with a higher failure rate are not tried. */
  public static final double LIKELY_TO_FAIL = 0.5;

  private static final int MOST_CITED = 3;

  /** For each arm that validation can try, so many of those that promise most are looked at. */
  private static final int SCREENED = 3;

  private Hypotheses() {}

  /**
   * Returns each hypothesis once, not yet ranked. Hypotheses with the same arm are merged: the
   * first source gets it, and it cites the evidence of all. The arms that the outlook expects most
   * of are hypotheses, too, as many as validation can try.
   */
  public static List<Hypothesis> generate(PlanningContext context, Outlook outlook) {
    Drafts drafts = new Drafts(context, outlook);
    List<Hypothesis> ideas = new ArrayList<>();
    if (context.spec().sources().history()) {
      ideas.addAll(new HistoryIdeas(context, drafts).all());
    }
    if (context.spec().sources().research()) {
      ideas.addAll(new ResearchIdeas(context, drafts).all());
    }
    ideas.addAll(expected(context, outlook, drafts));
    ideas.addAll(uncovered(context, outlook, drafts));
    return distinct(ideas);
  }

  /** Returns arms that promise most of those with values that no past run has tried. */
  private static List<Hypothesis> uncovered(
      PlanningContext context, Outlook outlook, Drafts drafts) {
    int trials = Slots.uncovered(context.spec().trials(Phase.VALIDATION));
    HistoryCoverage coverage = context.coverage();
    List<Arm> arms =
        outlook.hasHistory() && trials > 0
            ? outlook.candidates().stream()
                .filter(arm -> !coverage.untried(arm).isEmpty() && coverage.isNextToTried(arm))
                .toList()
            : List.of();
    return arms.isEmpty()
        ? List.of()
        : outlook.ordered(arms, trials, arm -> 1).stream()
            .flatMap(
                arm ->
                    drafts
                        .draft(
                            Source.HISTORY,
                            arm,
                            "History cannot tell: no past run has tried "
                                + coverage.untried(arm).stream()
                                    .map(change -> change.parameter() + " " + change.to())
                                    .collect(Collectors.joining(", ")),
                            List.of())
                        .stream())
            .toList();
  }

  /** Returns the arms that earlier runs of the study found better than the baseline, best first. */
  public static List<Hypothesis> known(PlanningContext context, Outlook outlook) {
    Drafts drafts = new Drafts(context, outlook);
    return outlook.better().stream()
        .flatMap(
            known ->
                drafts
                    .draft(
                        Source.HISTORY,
                        known.arm(),
                        rationale(context.runsOf(known.arm())),
                        context.runsOf(known.arm()).stream().map(Run::runId).toList())
                    .stream())
        .toList();
  }

  /** Suggests an arm that an earlier campaign confirmed as the baseline, in a sentence. */
  public static Optional<String> betterBaseline(PlanningContext context, Outlook outlook) {
    return ConfirmedWinner.suggestion(context.confirmed(), context.spec().baseline(), outlook);
  }

  /** Cites runs, and the campaigns that they belong to. */
  private static String rationale(List<Run> runs) {
    String ids = runs.stream().map(Run::runId).limit(MOST_CITED).collect(Collectors.joining(", "));
    String campaigns =
        runs.stream()
            .flatMap(run -> run.campaignId().stream())
            .distinct()
            .collect(Collectors.joining(", "));
    return runs.size()
        + (runs.size() == 1 ? " run" : " runs")
        + " of this study tried it"
        + (campaigns.isEmpty() ? "" : " (campaign " + campaigns + ")")
        + ": "
        + ids
        + (runs.size() > MOST_CITED ? " and " + (runs.size() - MOST_CITED) + " more" : "");
  }

  private static List<Hypothesis> distinct(List<Hypothesis> ideas) {
    Map<Arm, Hypothesis> byArm = new LinkedHashMap<>();
    ideas.forEach(idea -> byArm.merge(idea.arm(), idea, Hypotheses::citingBoth));
    return List.copyOf(byArm.values());
  }

  private static Hypothesis citingBoth(Hypothesis first, Hypothesis second) {
    Set<String> evidence = new LinkedHashSet<>(first.evidence());
    evidence.addAll(second.evidence());
    return new Hypothesis(
        first.hypothesisId(),
        first.source(),
        first.claim(),
        first.rationale(),
        first.arm(),
        first.changes(),
        List.copyOf(evidence),
        first.forecast(),
        first.score(),
        first.terms(),
        first.duplicateOf());
  }

  /**
   * Returns the arms that the outlook expects most of, with the mined effects that agree. History
   * names no arm that it expects to lose; a campaign may still try one for what it would show.
   */
  private static List<Hypothesis> expected(
      PlanningContext context, Outlook outlook, Drafts drafts) {
    MinedEffects effects =
        new MinedEffects(context.insights(), context.spec().baseline(), context.noiseSd());
    Source source = outlook.hasHistory() ? Source.HISTORY : Source.SURROGATE;
    int slots = context.spec().trials(Phase.VALIDATION);
    return outlook.ordered(List.of(), SCREENED * slots, arm -> 1).stream()
        .filter(arm -> !outlook.hasHistory() || outlook.of(arm).gain() > 0)
        .map(outlook::simplest)
        .distinct()
        .limit(slots)
        .flatMap(
            arm ->
                drafts
                    .draft(
                        source,
                        arm,
                        reason(context, outlook),
                        effects.of(arm).map(MinedEffects.Expected::evidence).orElse(List.of()))
                    .stream())
        .toList();
  }

  private static String reason(PlanningContext context, Outlook outlook) {
    if (outlook.hasHistory()) {
      return "Model variant and values that ranked high within past studies";
    }
    return context.spec().sources().history() && !context.tried().isEmpty()
        ? "A point of the search space that promises most after the earlier runs of this study"
        : "A point of the search space of which nothing is known yet";
  }
}
