package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Results;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.campaign.Verdict.Comparison;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Phase;
import dev.dormouse.stats.Samples;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.Numbers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

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
    Set<String> parameters = new HashSet<>(spec.searchSpace().dimensions().keySet());
    parameters.add(Arm.MODEL);
    insights.stream()
        .filter(i -> isAbout(i, parameters, spec))
        .limit(MOST_FROM_HISTORY)
        .map(i -> new Caution(i.kind().id(), ReportWords.sentence(i.statement()), ""))
        .forEach(cautions::add);
    return cautions;
  }

  /** Returns whether an insight concerns parameters that the campaign may change, or its study. */
  private static boolean isAbout(Insight insight, Set<String> parameters, CampaignSpec spec) {
    return switch (insight.kind()) {
      case COVERAGE, DRIFT ->
          !insight.parameters().isEmpty() && parameters.containsAll(insight.parameters());
      case TRAP -> insight.studies().contains(spec.study().id());
      default -> false;
    };
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
    if (first.length < 2 || last.length < 2) {
      return Optional.empty();
    }
    double degrees = first.length + last.length - 2.0;
    double variance =
        ((first.length - 1) * Samples.variance(first) + (last.length - 1) * Samples.variance(last))
            / degrees;
    double half =
        Samples.tQuantile(degrees) * Math.sqrt(variance * (1.0 / first.length + 1.0 / last.length));
    double difference = Samples.mean(last) - Samples.mean(first);
    boolean moved = Math.abs(difference) > half;
    return Optional.of(
        new Caution(
            "drift",
            (moved
                    ? "The baseline changed between the baseline phase and the confirmation: "
                    : "The baseline did not change measurably between the baseline phase and the"
                        + " confirmation: ")
                + Numbers.gain(difference)
                + " "
                + Numbers.interval(difference - half, difference + half)
                + (moved
                    ? ". Gains of the search are measured against the earlier value and may be"
                        + " wrong by this much."
                    : "."),
            ReportRuns.CONFIRMED_BASELINE));
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
