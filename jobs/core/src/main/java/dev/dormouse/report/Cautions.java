package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Results;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.campaign.Verdict.Comparison;
import dev.dormouse.caution.MeanChange;
import dev.dormouse.caution.MinedCautions;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Phase;
import dev.dormouse.stats.Estimate;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Warnings about the report's numbers: drift of the baseline, gains that did not carry over to
 * fresh seeds or to the test split, and biases and gaps of history. Pure.
 */
final class Cautions {
  private static final int MOST_FROM_HISTORY = 6;

  private Cautions() {}

  /**
   * One caution.
   *
   * @param kind {@code drift}, {@code coverage}, {@code carry-over} or {@code trap}
   * @param anchor the runs behind it; empty if there are none in the report
   */
  record Caution(String kind, String text, String anchor) {}

  static List<Caution> of(CampaignState state, CampaignResults results, List<Insight> insights) {
    CampaignSpec spec = state.spec().orElseThrow();
    List<Caution> cautions = new ArrayList<>();
    baselineDrift(state, spec).ifPresent(cautions::add);
    carryOver(state, results).forEach(cautions::add);
    MinedCautions.of(spec, insights).stream()
        .limit(MOST_FROM_HISTORY)
        .map(mined -> new Caution(mined.kind(), mined.text(), ""))
        .forEach(cautions::add);
    return cautions;
  }

  /** Compares the baseline of the first phase with that of the last phase. */
  private static Optional<Caution> baselineDrift(CampaignState state, CampaignSpec spec) {
    double[] first = Results.baselineValues(state, spec);
    double[] last =
        state.of(Phase.CONFIRMATION).stream()
            .filter(attempt -> attempt.trial().arm().equals(spec.baseline()))
            .map(attempt -> Results.value(spec, attempt))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    return MeanChange.between(first, last).map(Cautions::baselineDrift);
  }

  private static Caution baselineDrift(Estimate change) {
    boolean moved = MeanChange.isClear(change);
    return new Caution(
        "drift",
        (moved
                ? "The baseline changed between the baseline phase and the confirmation: "
                : "The baseline did not change measurably between the baseline phase and the"
                    + " confirmation: ")
            + Numbers.gain(change.mean())
            + " "
            + Numbers.interval(change.low(), change.high())
            + (moved
                ? ". Gains of the search are measured against the earlier value and may be"
                    + " wrong by this much."
                : "."),
        ReportRuns.CONFIRMED_BASELINE);
  }

  private static List<Caution> carryOver(CampaignState state, CampaignResults results) {
    List<Caution> cautions = new ArrayList<>();
    Optional<Comparison> validation = state.verdict().flatMap(Verdict::validation);
    Optional<Comparison> test = state.verdict().flatMap(Verdict::test);
    Optional<ArmResult> searched =
        state
            .verdict()
            .flatMap(Verdict::winner)
            .flatMap(
                arm -> results.arms().stream().filter(one -> one.arm().equals(arm)).findFirst());
    if (validation.isPresent() && searched.flatMap(ArmResult::gain).isPresent()) {
      double promised = searched.get().gain().get().mean();
      if (promised > validation.get().gainHigh()) {
        cautions.add(
            new Caution(
                "carry-over",
                "The winner gained "
                    + Numbers.gain(promised)
                    + " in the search, but "
                    + Numbers.gain(validation.get().gain())
                    + " on fresh seeds: the best of many results is on average too high.",
                ReportRuns.CONFIRMED_WINNER));
      }
    }
    if (validation.isPresent()
        && test.isPresent()
        && validation.get().gain() > test.get().gainHigh()) {
      cautions.add(
          new Caution(
              "carry-over",
              "The gain is "
                  + Numbers.gain(validation.get().gain())
                  + " on the validation split but "
                  + Numbers.gain(test.get().gain())
                  + " on the test split, and lies outside the interval there: part of the gain"
                  + " exists on the validation split only.",
              ReportRuns.CONFIRMED_WINNER));
    }
    return cautions;
  }
}
