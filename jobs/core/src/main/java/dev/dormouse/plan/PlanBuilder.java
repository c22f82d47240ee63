package dev.dormouse.plan;

import dev.dormouse.hypothesize.Hypotheses;
import dev.dormouse.hypothesize.IdeaRefusal;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Plan.NotTried;
import dev.dormouse.model.Plan.PhasePlan;
import dev.dormouse.model.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Builds a costed plan, expected to stay within the cap, from ranked hypotheses. Pure. */
public final class PlanBuilder {
  /** Phases give up runs in this order when the cap is too small for all. */
  private static final List<Phase> SHRINK_FIRST =
      List.of(Phase.EXPLOITATION, Phase.COMBINATION, Phase.VALIDATION);

  private final CampaignSpec spec;
  private final CostEstimate runCost;
  private final Plan.Basis basis;
  private final StudySoFar study;
  private final List<NotTried> notTried = new ArrayList<>();

  private PlanBuilder(CampaignSpec spec, CostEstimate runCost, Plan.Basis basis, StudySoFar study) {
    this.study = study;
    this.spec = spec;
    this.runCost = runCost;
    this.basis = basis;
  }

  /**
   * Builds the plan of a campaign.
   *
   * @param ranked all hypotheses, best first, and the ideas that were rejected
   * @param runCost cost of one run
   * @param basis what the hypotheses rest on
   * @param study what the study holds already
   */
  static Plan build(
      CampaignSpec spec,
      RankedHypotheses ranked,
      CostEstimate runCost,
      Plan.Basis basis,
      StudySoFar study) {
    return new PlanBuilder(spec, runCost, basis, study).build(ranked);
  }

  /** Builds the plan of a campaign whose study has no runs. */
  public static Plan build(
      CampaignSpec spec, RankedHypotheses ranked, CostEstimate runCost, Plan.Basis basis) {
    return build(spec, ranked, runCost, basis, StudySoFar.NONE);
  }

  private Plan build(RankedHypotheses ranked) {
    List<Hypothesis> worthTrying = worthTrying(ranked.hypotheses());
    RunCosts costs = new RunCosts(runCost, worthTrying);
    Map<Phase, Integer> requested = requestedRuns();
    Map<Phase, Integer> runs = withinCap(requested, costs);
    addRefused(ranked.refusals());
    List<Hypothesis> tried = best(worthTrying, runs.get(Phase.VALIDATION));
    List<PhasePlan> phases =
        Arrays.stream(Phase.values())
            .map(phase -> phasePlan(phase, runs.get(phase), costs))
            .toList();
    return new Plan(
        spec.campaignId(),
        phases,
        tried,
        phases.stream().map(PhasePlan::cost).reduce(CostEstimate::plus).orElseThrow(),
        spec.budget().gpuHoursMicros(),
        stopRules(total(runs), total(runs) < total(requested)),
        notTried,
        Optional.of(basis));
  }

  /**
   * Leaves out hypotheses that the study tried already, those that are likely to fail, and those of
   * single insights that all past runs together speak against.
   */
  private List<Hypothesis> worthTrying(List<Hypothesis> ranked) {
    List<Hypothesis> worthTrying = new ArrayList<>();
    for (Hypothesis hypothesis : ranked) {
      double pFailure = hypothesis.forecast().pFailure();
      if (hypothesis.duplicateOf().isPresent()) {
        leaveOut(hypothesis, study.result(hypothesis.arm(), hypothesis.duplicateOf().get()));
      } else if (pFailure > Hypotheses.LIKELY_TO_FAIL) {
        leaveOut(
            hypothesis,
            String.format(Locale.ROOT, "such runs failed in %.0f%% of cases", 100 * pFailure));
      } else if (hypothesis.source() == Source.HISTORY && hypothesis.forecast().gain() < 0) {
        leaveOut(
            hypothesis,
            String.format(
                Locale.ROOT,
                "all past runs together forecast %+.5f",
                hypothesis.forecast().gain()));
      } else {
        worthTrying.add(hypothesis);
      }
    }
    return worthTrying;
  }

  /** Returns the training runs that the campaign asks for in each phase, whatever the cap. */
  private Map<Phase, Integer> requestedRuns() {
    Map<Phase, Integer> runs = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values()) {
      runs.put(phase, spec.trials(phase));
    }
    runs.put(Phase.CONFIRMATION, 2 * spec.trials(Phase.CONFIRMATION));
    return runs;
  }

  private Map<Phase, Integer> withinCap(Map<Phase, Integer> requested, RunCosts costs) {
    Map<Phase, Integer> runs = new EnumMap<>(requested);
    long excess = -spec.budget().gpuHoursMicros();
    for (Phase phase : Phase.values()) {
      excess += costs.of(phase, runs.get(phase)).expectedMicros();
    }
    for (Phase phase : SHRINK_FIRST) {
      int kept = runs.get(phase);
      while (excess > 0 && kept > 0) {
        kept--;
        excess -= costs.expectedMicros(phase, kept);
      }
      runs.put(phase, kept);
    }
    for (Phase phase : SHRINK_FIRST) {
      int leftOut = requested.get(phase) - runs.get(phase);
      if (leftOut > 0) {
        notTried.add(
            new NotTried(
                leftOut + " trials of phase " + phase.id(),
                "the cap of "
                    + GpuHours.text(spec.budget().gpuHoursMicros())
                    + " is expected to last for "
                    + total(runs)
                    + " runs"));
      }
    }
    return runs;
  }

  /** Adds one entry for all ideas that were rejected for the same reason. */
  private void addRefused(List<IdeaRefusal> refusals) {
    Map<String, Long> reasons =
        refusals.stream()
            .collect(
                Collectors.groupingBy(
                    IdeaRefusal::detail, LinkedHashMap::new, Collectors.counting()));
    reasons.forEach(
        (reason, count) ->
            notTried.add(
                new NotTried(
                    "ideas of the language model" + (count == 1 ? "" : " (" + count + " times)"),
                    reason)));
  }

  private List<Hypothesis> best(List<Hypothesis> worthTrying, int slots) {
    worthTrying.stream()
        .skip(slots)
        .forEach(
            hypothesis ->
                leaveOut(hypothesis, "ranked below the " + slots + " that validation can try"));
    return worthTrying.stream().limit(slots).toList();
  }

  private void leaveOut(Hypothesis hypothesis, String why) {
    String changes =
        hypothesis.changes().stream().map(Object::toString).collect(Collectors.joining(", "));
    notTried.add(new NotTried(changes, why));
  }

  private static int total(Map<Phase, Integer> runs) {
    return runs.values().stream().mapToInt(Integer::intValue).sum();
  }

  private PhasePlan phasePlan(Phase phase, int runs, RunCosts costs) {
    List<Long> seeds =
        switch (phase) {
          case BASELINE -> LongStream.rangeClosed(1, runs).boxed().toList();
          case CONFIRMATION ->
              LongStream.iterate(study.firstFreshSeed(runs / 2), seed -> seed + 1)
                  .limit(runs / 2)
                  .boxed()
                  .toList();
          case VALIDATION, COMBINATION, EXPLOITATION -> List.of(1L);
        };
    return new PhasePlan(phase, runs, seeds, costs.of(phase, runs), purpose(phase));
  }

  private static String purpose(Phase phase) {
    return switch (phase) {
      case BASELINE ->
          "Train the baseline over several seeds: does it reproduce, and what is noise?";
      case VALIDATION ->
          "Try the hypotheses one by one against the baseline, and what their results make promising.";
      case COMBINATION -> "Stack the changes that gained and see whether the gains add up.";
      case EXPLOITATION -> "Search around the best arms with a surrogate model.";
      case CONFIRMATION ->
          "Train winner and baseline on the same fresh seeds and compare them on the test split.";
    };
  }

  private List<String> stopRules(int runs, boolean leftOut) {
    long worst = spec.training().worstCaseMicros();
    return List.of(
        "No run starts whose worst case of "
            + GpuHours.text(worst)
            + " (the timeout) is not free under the cap; if all "
            + runs
            + " runs took so long they would cost "
            + GpuHours.text(worst * runs)
            + ", but never more than the cap of "
            + GpuHours.text(spec.budget().gpuHoursMicros())
            + " is spent.",
        "A phase ends when its trials are used up or there is nothing left to propose."
            + (leftOut
                ? " It gets back trials left out for the cap if runs turn out cheaper."
                : ""),
        "Confirmation decides: a gain below "
            + spec.objective().minGain()
            + " or within noise ends as 'not distinguishable'.");
  }
}
