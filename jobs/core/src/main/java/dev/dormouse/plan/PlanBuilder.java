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
import dev.dormouse.model.Thresholds;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** From ranked hypotheses to a costed plan that is expected to stay within the cap. Pure. */
public final class PlanBuilder {
  /** Phases give up trials in this order when the cap is too small for all. */
  private static final List<Phase> SHRINK_FIRST =
      List.of(Phase.EXPLOITATION, Phase.COMBINATION, Phase.VALIDATION);

  private PlanBuilder() {}

  /**
   * The plan of a campaign.
   *
   * @param ranked all hypotheses, best first
   * @param runCost cost of one run
   */
  public static Plan build(CampaignSpec spec, List<Hypothesis> ranked, CostEstimate runCost) {
    return build(spec, ranked, runCost, List.of());
  }

  /**
   * The plan of a campaign.
   *
   * @param ranked all hypotheses, best first
   * @param runCost cost of one run
   * @param refusals what a language model proposed that cannot be tried
   */
  static Plan build(
      CampaignSpec spec,
      List<Hypothesis> ranked,
      CostEstimate runCost,
      List<IdeaRefusal> refusals) {
    List<NotTried> notTried = new ArrayList<>();
    List<Hypothesis> worthTrying = worthTrying(ranked, notTried);
    Map<Phase, Integer> trials = trials(spec, worthTrying.size());
    shrink(trials, spec, runCost, notTried);
    notTried.addAll(refused(refusals));
    int slots = trials.get(Phase.VALIDATION);
    worthTrying.stream()
        .skip(slots)
        .map(h -> new NotTried(what(h), "ranked below the " + slots + " that validation can try"))
        .forEach(notTried::add);
    List<PhasePlan> phases = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      phases.add(phase(phase, trials.get(phase), runCost));
    }
    return new Plan(
        spec.campaignId(),
        phases,
        worthTrying.stream().limit(slots).toList(),
        runCost.times(total(trials)),
        spec.budget().gpuHoursMicros(),
        stopRules(spec, trials),
        notTried);
  }

  /** One line for all that were refused for the same reason. */
  private static List<NotTried> refused(List<IdeaRefusal> refusals) {
    Map<String, Long> reasons =
        refusals.stream()
            .collect(
                Collectors.groupingBy(
                    IdeaRefusal::detail, LinkedHashMap::new, Collectors.counting()));
    List<NotTried> refused = new ArrayList<>();
    reasons.forEach(
        (reason, count) ->
            refused.add(
                new NotTried(
                    "ideas of the language model" + (count == 1 ? "" : " (" + count + " times)"),
                    reason)));
    return refused;
  }

  private static List<Hypothesis> worthTrying(List<Hypothesis> ranked, List<NotTried> notTried) {
    List<Hypothesis> worthTrying = new ArrayList<>();
    for (Hypothesis hypothesis : ranked) {
      double pFailure = hypothesis.forecast().pFailure();
      if (hypothesis.duplicateOf().isPresent()) {
        notTried.add(
            new NotTried(
                what(hypothesis),
                "run " + hypothesis.duplicateOf().get() + " of this study tried it already"));
      } else if (pFailure > Hypotheses.LIKELY_TO_FAIL) {
        notTried.add(
            new NotTried(
                what(hypothesis),
                String.format(Locale.ROOT, "such runs failed in %.0f%% of cases", 100 * pFailure)));
      } else {
        worthTrying.add(hypothesis);
      }
    }
    return worthTrying;
  }

  private static String what(Hypothesis hypothesis) {
    return String.join(", ", hypothesis.changes().stream().map(Object::toString).toList());
  }

  /** Training runs of each phase, before the cap is looked at. */
  private static Map<Phase, Integer> trials(CampaignSpec spec, int hypotheses) {
    Map<Phase, Integer> trials = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values()) {
      trials.put(phase, spec.trials(phase));
    }
    trials.merge(Phase.VALIDATION, hypotheses, Math::min);
    trials.put(Phase.CONFIRMATION, 2 * spec.trials(Phase.CONFIRMATION));
    return trials;
  }

  private static void shrink(
      Map<Phase, Integer> trials,
      CampaignSpec spec,
      CostEstimate runCost,
      List<NotTried> notTried) {
    long affordable = spec.budget().gpuHoursMicros() / Math.max(1, runCost.expectedMicros());
    for (Phase phase : SHRINK_FIRST) {
      int excess = (int) Math.min(Integer.MAX_VALUE, Math.max(0, total(trials) - affordable));
      int given = Math.min(excess, trials.get(phase));
      if (given > 0) {
        trials.merge(phase, -given, Integer::sum);
        notTried.add(
            new NotTried(
                given + " trials of phase " + phase.id(),
                "the cap of "
                    + GpuHours.text(spec.budget().gpuHoursMicros())
                    + " is expected to last for "
                    + affordable
                    + " runs"));
      }
    }
  }

  private static int total(Map<Phase, Integer> trials) {
    return trials.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static PhasePlan phase(Phase phase, int trials, CostEstimate runCost) {
    List<Long> seeds =
        switch (phase) {
          case BASELINE -> LongStream.rangeClosed(1, trials).boxed().toList();
          case CONFIRMATION ->
              LongStream.range(
                      Thresholds.FIRST_FRESH_SEED, Thresholds.FIRST_FRESH_SEED + trials / 2)
                  .boxed()
                  .toList();
          case VALIDATION, COMBINATION, EXPLOITATION -> List.of(1L);
        };
    return new PhasePlan(phase, trials, seeds, runCost.times(trials), purpose(phase));
  }

  private static String purpose(Phase phase) {
    return switch (phase) {
      case BASELINE ->
          "Train the baseline over several seeds: does it reproduce, and what is noise?";
      case VALIDATION -> "Try the hypotheses one by one against the baseline.";
      case COMBINATION -> "Stack the changes that gained and see whether the gains add up.";
      case EXPLOITATION -> "Search around the best arms with a surrogate model.";
      case CONFIRMATION ->
          "Train winner and baseline on the same fresh seeds and compare them on the test split.";
    };
  }

  private static List<String> stopRules(CampaignSpec spec, Map<Phase, Integer> trials) {
    long worst = spec.training().worstCaseMicros();
    return List.of(
        "No run starts whose worst case of "
            + GpuHours.text(worst)
            + " (the timeout) is not free under the cap; if all "
            + total(trials)
            + " runs took so long they would cost "
            + GpuHours.text(worst * total(trials))
            + ", but never more than the cap of "
            + GpuHours.text(spec.budget().gpuHoursMicros())
            + " is spent.",
        "A phase ends when its trials are used up or there is nothing left to propose.",
        "Confirmation decides: a gain below "
            + spec.objective().minGain()
            + " or within noise ends as 'not distinguishable'.");
  }
}
