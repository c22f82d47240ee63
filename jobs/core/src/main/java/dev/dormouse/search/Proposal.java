package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Source;
import java.util.Optional;

/**
 * An arm to try next.
 *
 * @param arm what to train
 * @param source which source proposed it
 * @param hypothesisId the planned hypothesis that it tests, if any
 * @param predictedGain forecast gain over the baseline, in metric units, if any
 * @param why one sentence for people
 */
public record Proposal(
    Arm arm,
    Source source,
    Optional<String> hypothesisId,
    Optional<Double> predictedGain,
    String why) {
  /** Returns this hypothesis with the newer forecast of its arm. */
  Proposal withForecastOf(Proposal newer) {
    return new Proposal(arm, source, hypothesisId, newer.predictedGain(), newer.why());
  }
}
