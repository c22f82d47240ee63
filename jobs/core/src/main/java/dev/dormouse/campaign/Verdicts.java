package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Verdict.Comparison;
import dev.dormouse.campaign.Verdict.Kind;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Phase;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.PairedComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Draws the conclusion when a campaign ends. Pure. */
final class Verdicts {
  private static final double SIGNIFICANT = 0.05;
  private static final String TEST_PREFIX = "test_";

  private Verdicts() {}

  static Verdict stopped(CampaignState state, String why) {
    Optional<Arm> best =
        state.spec().flatMap(spec -> Results.winner(state, spec)).map(Results.Candidate::arm);
    return new Verdict(Kind.STOPPED, best, Optional.empty(), Optional.empty(), why);
  }

  static Verdict withoutBaseline(CampaignState state, boolean outOfBudget) {
    return stopped(
        state,
        outOfBudget
            ? "The budget does not allow a single run of the baseline."
            : "The baseline did not train once; nothing can be compared with it.");
  }

  static Verdict noWinner(CampaignState state, CampaignSpec spec) {
    if (Results.baselineValues(state, spec).length == 0) {
      return stopped(state, "Without runs of the baseline no arm can be compared with it.");
    }
    if (Results.candidates(state, spec).isEmpty()) {
      return stopped(state, "No arm but the baseline has a result; there is nothing to confirm.");
    }
    return new Verdict(
        Kind.NO_CANDIDATE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        state.rules() < 3
            ? "No arm was better than the baseline, once its gain was corrected for having been picked."
            : "No arm was better than the baseline by half the seed noise, once its gain was corrected for having been picked.");
  }

  static Verdict unconfirmed(CampaignState state, CampaignSpec spec) {
    Optional<Arm> best = Results.winner(state, spec).map(Results.Candidate::arm);
    return new Verdict(
        Kind.STOPPED,
        best,
        Optional.empty(),
        Optional.empty(),
        "The campaign asks for no confirmation.");
  }

  static Verdict ofConfirmation(CampaignState state, CampaignSpec spec) {
    Arm winner = Results.winner(state, spec).orElseThrow().arm();
    String metric = spec.objective().metric();
    Optional<PairedComparison> validation = compare(state, spec, winner, metric);
    Optional<PairedComparison> test = compare(state, spec, winner, TEST_PREFIX + metric);
    if (validation.isEmpty() || validation.get().pairs() < 2) {
      return stopped(state, "Fewer than two pairs of confirmation runs ended well.");
    }
    boolean testCounts = test.isPresent() && test.get().pairs() == validation.get().pairs();
    PairedComparison deciding = testCounts ? test.get() : validation.get();
    Kind kind = kind(deciding, spec.objective());
    return new Verdict(
        kind,
        Optional.of(winner),
        validation.map(c -> comparison(c, spec.objective())),
        test.map(c -> comparison(c, spec.objective())),
        explanation(kind, deciding, spec.objective(), testCounts ? "test" : "validation")
            + missing(validation.get().pairs(), Split.trials(state, spec, Phase.CONFIRMATION)));
  }

  private static String missing(int pairs, int planned) {
    return pairs < planned
        ? " Only " + pairs + " of " + planned + " planned pairs ended well within the budget."
        : "";
  }

  private static Kind kind(PairedComparison comparison, Objective objective) {
    Estimate gain = comparison.gain();
    if (gain.low() > 0
        && comparison.pValue() <= SIGNIFICANT
        && gain.mean() >= objective.minGain()) {
      return Kind.CONFIRMED;
    }
    return gain.high() < 0 && comparison.pValue() <= SIGNIFICANT
        ? Kind.WORSE
        : Kind.NOT_DISTINGUISHABLE;
  }

  private static String explanation(
      Kind kind, PairedComparison comparison, Objective objective, String split) {
    Estimate gain = comparison.gain();
    String numbers =
        String.format(
            Locale.ROOT,
            "%+.5f %s on the %s split, 95%% interval [%+.5f, %+.5f] over %d fresh seed pairs, sign-flip p = %.3f",
            gain.mean(),
            objective.metric(),
            split,
            gain.low(),
            gain.high(),
            comparison.pairs(),
            comparison.pValue());
    return switch (kind) {
      case CONFIRMED -> "The winner beats the baseline: " + numbers + ".";
      case WORSE -> "The winner of the search loses on fresh seeds: " + numbers + ".";
      default ->
          gain.low() > 0
              ? "The gain is too small or rests on too few pairs to confirm it: " + numbers + "."
              : "Winner and baseline cannot be told apart: " + numbers + ".";
    };
  }

  private static Optional<PairedComparison> compare(
      CampaignState state, CampaignSpec spec, Arm winner, String metric) {
    Map<Long, Double> baseline = new TreeMap<>();
    Map<Long, Double> challenger = new TreeMap<>();
    for (Attempt attempt : state.of(Phase.CONFIRMATION)) {
      OptionalDouble value = Results.metric(spec, attempt, metric);
      if (value.isPresent()) {
        (attempt.trial().arm().equals(winner) ? challenger : baseline)
            .put(attempt.trial().seed(), value.getAsDouble());
      }
    }
    List<Double> left = new ArrayList<>();
    List<Double> right = new ArrayList<>();
    baseline.forEach(
        (seed, value) -> {
          if (challenger.containsKey(seed)) {
            left.add(value);
            right.add(challenger.get(seed));
          }
        });
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of(
            PairedComparison.of(
                left.stream().mapToDouble(Double::doubleValue).toArray(),
                right.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  /** Converts oriented values back to the metric itself; the gain stays oriented. */
  private static Comparison comparison(PairedComparison c, Objective objective) {
    Estimate baseline = restored(c.baseline(), objective);
    Estimate winner = restored(c.winner(), objective);
    return VerdictComparisonBuilder.builder()
        .pairs(c.pairs())
        .baselineMean(baseline.mean())
        .baselineLow(baseline.low())
        .baselineHigh(baseline.high())
        .winnerMean(winner.mean())
        .winnerLow(winner.low())
        .winnerHigh(winner.high())
        .gain(c.gain().mean())
        .gainLow(c.gain().low())
        .gainHigh(c.gain().high())
        .pValue(c.pValue())
        .build();
  }

  private static Estimate restored(Estimate oriented, Objective objective) {
    return objective.direction() == Objective.Direction.MAXIMIZE
        ? oriented
        : new Estimate(-oriented.mean(), -oriented.high(), -oriented.low());
  }
}
