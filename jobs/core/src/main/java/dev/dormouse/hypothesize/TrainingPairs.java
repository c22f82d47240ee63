package dev.dormouse.hypothesize;

import dev.dormouse.table.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Preference pairs for tuning a language model: two hypotheses of one campaign, of which one turned
 * out better by more than noise. Labels are outcomes, not opinions.
 */
public final class TrainingPairs {
  /** The difference of two runs has twice the variance of one; two sds of it are needed. */
  private static final double CLEAR = 2 * Math.sqrt(2);

  private TrainingPairs() {}

  /**
   * One line of JSON a pair, in a fixed order.
   *
   * @param noiseOtherwise seed noise where a campaign has not measured its own
   */
  public static List<String> lines(List<HypothesisOutcome> outcomes, double noiseOtherwise) {
    List<String> lines = new ArrayList<>();
    for (HypothesisOutcome better : outcomes) {
      for (HypothesisOutcome worse : outcomes) {
        if (better.campaignId().equals(worse.campaignId())
            && isBetter(better, worse, noiseOtherwise)) {
          lines.add(Json.write(pair(better, worse)));
        }
      }
    }
    return lines;
  }

  private static boolean isBetter(
      HypothesisOutcome better, HypothesisOutcome worse, double noiseOtherwise) {
    OptionalDouble gain = better.forecast().gain();
    OptionalDouble other = worse.forecast().gain();
    if (gain.isEmpty() || (other.isEmpty() && gain.getAsDouble() <= 0)) {
      return false;
    }
    double noise = better.noise().orElse(noiseOtherwise);
    return other.isEmpty() || gain.getAsDouble() - other.getAsDouble() > CLEAR * noise;
  }

  private static Map<String, Object> pair(HypothesisOutcome better, HypothesisOutcome worse) {
    Map<String, Object> pair = new LinkedHashMap<>();
    pair.put("campaign", better.campaignId());
    pair.put(
        "prompt",
        "Which set of changes to the baseline is likelier to improve the campaign's metric?");
    pair.put("chosen", side(better));
    pair.put("rejected", side(worse));
    return pair;
  }

  private static Map<String, Object> side(HypothesisOutcome outcome) {
    Map<String, Object> side = new LinkedHashMap<>();
    side.put("hypothesis", outcome.hypothesisId());
    side.put("source", outcome.forecast().source());
    side.put("changes", outcome.changes());
    side.put("claim", outcome.claim());
    side.put("rationale", outcome.rationale());
    OptionalDouble gain = outcome.forecast().gain();
    side.put("gain", gain.isPresent() ? gain.getAsDouble() : null);
    return side;
  }
}
