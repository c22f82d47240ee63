package dev.dormouse.hypothesize;

import dev.dormouse.stats.ForecastOutcome;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A tried hypothesis with its outcome.
 *
 * @param campaignId the campaign
 * @param hypothesisId the hypothesis
 * @param claim one sentence
 * @param rationale why it should have worked
 * @param changes against the baseline, as sentences
 * @param forecast the claims before it was tried, and the measured gain
 * @param noise sd of the campaign's baseline over seeds, if there were several
 */
public record HypothesisOutcome(
    String campaignId,
    String hypothesisId,
    String claim,
    String rationale,
    List<String> changes,
    ForecastOutcome forecast,
    OptionalDouble noise) {
  public HypothesisOutcome {
    changes = List.copyOf(changes);
  }
}
