package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.campaign.Verdict.Comparison;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Plan;
import dev.dormouse.stats.Samples;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Suggests next steps from the campaign's own results. Pure. */
final class NextSteps {
  private static final int MOST_OF_A_KIND = 3;
  private static final int FEW_SEEDS = 3;

  private NextSteps() {}

  /**
   * A suggestion.
   *
   * @param anchor the runs behind it; empty if there are none
   */
  record NextStep(String what, String why, String anchor) {}

  /** Returns the suggestions; none while the campaign continues by its plan. */
  static List<NextStep> of(CampaignState state, CampaignResults results) {
    if (!state.isOver()) {
      return List.of();
    }
    CampaignSpec spec = state.spec().orElseThrow();
    List<NextStep> steps = new ArrayList<>();
    state.verdict().ifPresent(verdict -> afterVerdict(verdict, steps));
    moreSeeds(results, steps);
    unfinished(state, results, steps);
    edges(state, spec, steps);
    notCombined(results, steps);
    neverVaried(state, spec, results, steps);
    return steps;
  }

  private static void afterVerdict(Verdict verdict, List<NextStep> steps) {
    Optional<Comparison> shown = verdict.test().or(verdict::validation);
    switch (verdict.kind()) {
      case CONFIRMED ->
          steps.add(
              new NextStep(
                  "Make the winner the baseline of the next campaign",
                  "It is confirmed; further gains should be measured against it.",
                  ReportRuns.CONFIRMED_WINNER));
      case NOT_DISTINGUISHABLE ->
          shown
              .filter(c -> pairsToTell(c) > 0)
              .ifPresent(
                  c ->
                      steps.add(
                          new NextStep(
                              "Confirm over more seed pairs, or stop here",
                              String.format(
                                  Locale.ROOT,
                                  "If the true gain is %s, about %d pairs would show it; there were"
                                      + " %d.",
                                  Numbers.gain(c.gain()),
                                  pairsToTell(c),
                                  c.pairs()),
                              ReportRuns.CONFIRMED_WINNER)));
      case WORSE ->
          steps.add(
              new NextStep(
                  "Validate with more than one seed",
                  "The search chose an arm that is worse on fresh seeds: one seed per arm was not"
                      + " enough.",
                  ReportRuns.CONFIRMED_WINNER));
      case NO_CANDIDATE ->
          steps.add(
              new NextStep(
                  "Widen the search space or choose another model",
                  "Nothing that was tried was better than the baseline.",
                  ReportRuns.ALL));
      case STOPPED ->
          steps.add(
              new NextStep(
                  "Finish the campaign with the remaining budget",
                  "It ended before a confirmation, so none of its gains is certain.",
                  ReportRuns.ALL));
    }
  }

  /** Returns the pairs needed to tell the gain from 0; 0 if there is no gain or no interval. */
  static int pairsToTell(Comparison c) {
    double half = c.gainHigh() - c.gain();
    if (!(c.gain() > 0) || !Double.isFinite(half) || c.pairs() < 2) {
      return 0;
    }
    double sd = half * Math.sqrt(c.pairs()) / Samples.tQuantile(c.pairs() - 1);
    int pairs = 3;
    while (pairs < 10_000 && Samples.tQuantile(pairs - 1) * sd / Math.sqrt(pairs) > c.gain()) {
      pairs++;
    }
    return pairs;
  }

  private static void moreSeeds(CampaignResults results, List<NextStep> steps) {
    if (results.seeds() > 0 && results.seeds() < FEW_SEEDS) {
      steps.add(
          new NextStep(
              "Give the baseline phase at least " + FEW_SEEDS + " seeds",
              "Its seed noise rests on "
                  + results.seeds()
                  + (results.seeds() == 1 ? " run" : " runs")
                  + ", which makes every interval of the search very wide.",
              ReportRuns.BASELINE));
    }
  }

  private static void unfinished(
      CampaignState state, CampaignResults results, List<NextStep> steps) {
    Set<Arm> tried = results.arms().stream().map(ArmResult::arm).collect(Collectors.toSet());
    state.plan().stream()
        .map(Plan::hypotheses)
        .flatMap(List::stream)
        .filter(h -> !tried.contains(h.arm()))
        .limit(MOST_OF_A_KIND)
        .forEach(
            h ->
                steps.add(
                    new NextStep(
                        "Try " + changes(h),
                        "Planned, but the campaign ended before it; forecast "
                            + Numbers.gain(h.forecast().gain())
                            + ".",
                        "")));
  }

  private static String changes(Hypothesis hypothesis) {
    return hypothesis.changes().stream().map(Change::toString).collect(Collectors.joining(", "));
  }

  /** Suggests a wider range where the winner has the lowest or highest value. */
  private static void edges(CampaignState state, CampaignSpec spec, List<NextStep> steps) {
    Optional<Arm> winner = state.verdict().flatMap(Verdict::winner);
    if (winner.isEmpty()) {
      return;
    }
    for (Map.Entry<String, Parameter> entry : spec.searchSpace().dimensions().entrySet()) {
      Optional<String> value = winner.get().value(entry.getKey());
      boolean changed = !value.equals(spec.baseline().value(entry.getKey()));
      if (changed && value.isPresent()) {
        edge(entry.getValue(), value.get())
            .ifPresent(
                end ->
                    steps.add(
                        new NextStep(
                            "Allow "
                                + entry.getKey()
                                + (end.equals("lowest") ? " below " : " above ")
                                + value.get(),
                            "The winner has the " + end + " value that the search space allows.",
                            ReportRuns.CONFIRMED_WINNER)));
      }
    }
  }

  private static Optional<String> edge(Parameter parameter, String value) {
    List<Double> numbers =
        parameter.grid().stream()
            .map(ParamValue::number)
            .filter(OptionalDouble::isPresent)
            .map(OptionalDouble::getAsDouble)
            .sorted()
            .toList();
    OptionalDouble number = ParamValue.number(value);
    if (numbers.size() < 2 || numbers.size() < parameter.grid().size() || number.isEmpty()) {
      return Optional.empty();
    }
    if (number.getAsDouble() <= numbers.get(0)) {
      return Optional.of("lowest");
    }
    return number.getAsDouble() >= numbers.get(numbers.size() - 1)
        ? Optional.of("highest")
        : Optional.empty();
  }

  /** Suggests to combine changes that gained alone and were never tried together. */
  private static void notCombined(CampaignResults results, List<NextStep> steps) {
    double noise = results.noiseSd().orElse(0);
    List<ArmResult> gaining =
        results.arms().stream()
            .filter(arm -> arm.changes().size() == 1)
            .filter(arm -> arm.gain().filter(gain -> gain.mean() > noise).isPresent())
            .sorted(Comparator.comparingDouble(arm -> -arm.gain().orElseThrow().mean()))
            .toList();
    List<Set<Change>> tried =
        results.arms().stream().map(arm -> (Set<Change>) new HashSet<>(arm.changes())).toList();
    int found = 0;
    for (int i = 0; i < gaining.size(); i++) {
      for (int j = i + 1; j < gaining.size() && found < MOST_OF_A_KIND; j++) {
        Change one = gaining.get(i).changes().get(0);
        Change other = gaining.get(j).changes().get(0);
        boolean together = tried.stream().anyMatch(set -> set.containsAll(Set.of(one, other)));
        if (!one.parameter().equals(other.parameter()) && !together) {
          found++;
          steps.add(
              new NextStep(
                  "Combine " + one + " with " + other,
                  "Each alone gained more than the seed noise; they were not tried together.",
                  ReportRuns.anchorsOfArms(results).get(gaining.get(i).arm())));
        }
      }
    }
  }

  private static void neverVaried(
      CampaignState state, CampaignSpec spec, CampaignResults results, List<NextStep> steps) {
    Set<String> never = new TreeSet<>(spec.searchSpace().dimensions().keySet());
    results.arms().stream()
        .flatMap(arm -> arm.changes().stream())
        .map(Change::parameter)
        .forEach(never::remove);
    if (!never.isEmpty() && !state.attempts().isEmpty()) {
      steps.add(
          new NextStep(
              "Vary " + String.join(", ", never),
              "The search space allows it, but no arm of this campaign did it.",
              ""));
    }
  }
}
