package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Source;
import java.util.Optional;

/**
 * An arm worth trying next.
 *
 * @param arm what to train
 * @param source who proposes it
 * @param hypothesisId the planned hypothesis that it tests, if it is one
 * @param predictedGain forecast gain over the baseline, in metric units, if there is one
 * @param why one sentence for people
 */
public record Proposal(
    Arm arm,
    Source source,
    Optional<String> hypothesisId,
    Optional<Double> predictedGain,
    String why) {
  /** The same hypothesis, with what is expected of its arm by now. */
  Proposal because(Proposal now) {
    return new Proposal(arm, source, hypothesisId, now.predictedGain(), now.why());
  }
}
