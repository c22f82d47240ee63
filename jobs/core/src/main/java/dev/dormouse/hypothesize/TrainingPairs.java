package dev.dormouse.hypothesize;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.dormouse.table.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Makes preference pairs for tuning a language model: two hypotheses of one campaign, of which one
 * measured better by more than noise.
 */
public final class TrainingPairs {
  private static final String QUESTION =
      "Which set of changes to the baseline is likelier to improve the campaign's metric?";

  /** In noise sds: two standard deviations of a difference, which has twice a run's variance. */
  private static final double CLEAR_DIFFERENCE = 2 * Math.sqrt(2);

  private TrainingPairs() {}

  /**
   * Returns one line of JSON for each pair, in a fixed order.
   *
   * @param defaultNoise seed noise (sd, metric units) for campaigns that have not measured it
   */
  public static List<String> lines(List<HypothesisOutcome> outcomes, double defaultNoise) {
    List<String> lines = new ArrayList<>();
    for (HypothesisOutcome better : outcomes) {
      for (HypothesisOutcome worse : outcomes) {
        if (better.campaignId().equals(worse.campaignId())
            && isBetter(better, worse, defaultNoise)) {
          lines.add(Json.write(pair(better, worse)));
        }
      }
    }
    return lines;
  }

  private static boolean isBetter(
      HypothesisOutcome better, HypothesisOutcome worse, double defaultNoise) {
    OptionalDouble gain = better.forecast().gain();
    OptionalDouble other = worse.forecast().gain();
    if (gain.isEmpty() || (other.isEmpty() && gain.getAsDouble() <= 0)) {
      return false;
    }
    double noise = better.noise().orElse(defaultNoise);
    return other.isEmpty() || gain.getAsDouble() - other.getAsDouble() > CLEAR_DIFFERENCE * noise;
  }

  private static Pair pair(HypothesisOutcome better, HypothesisOutcome worse) {
    return new Pair(better.campaignId(), QUESTION, side(better), side(worse));
  }

  private static Side side(HypothesisOutcome outcome) {
    return new Side(
        outcome.hypothesisId(),
        outcome.forecast().source(),
        outcome.changes(),
        outcome.claim(),
        outcome.rationale(),
        outcome.forecast().gain());
  }

  @JsonPropertyOrder(alphabetic = true)
  private record Pair(String campaign, String prompt, Side chosen, Side rejected) {}

  /** One hypothesis of a pair; a gain that is empty is written as null. */
  @JsonPropertyOrder(alphabetic = true)
  private record Side(
      String hypothesis,
      String source,
      List<String> changes,
      String claim,
      String rationale,
      OptionalDouble gain) {}
}
