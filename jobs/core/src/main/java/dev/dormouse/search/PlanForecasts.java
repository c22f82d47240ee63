package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import java.util.HashMap;
import java.util.Map;

/**
 * The gains that the plan forecasts: of an arm that is a hypothesis its own, of any other the sum
 * of its changes' forecasts, as far as there are any.
 */
final class PlanForecasts {
  /** Nobody's forecasts are so good that nothing is left to learn. */
  private static final double MOST_AGREEMENT = 0.9;

  private final Arm baseline;
  private final boolean listed;
  private final Map<Arm, Double> ofArms = new HashMap<>();
  private final Map<Change, Double> ofChanges = new HashMap<>();

  private final double errorVariance;

  PlanForecasts(ProposalContext context) {
    this.errorVariance =
        context.plan().hypotheses().stream()
            .mapToDouble(hypothesis -> hypothesis.forecast().gainSd())
            .map(sd -> sd * sd)
            .average()
            .orElse(0);
    this.baseline = context.spec().baseline();
    this.listed = !context.spec().searchSpace().arms().isEmpty();
    for (Hypothesis hypothesis : context.plan().hypotheses()) {
      double gain = hypothesis.forecast().gain();
      ofArms.putIfAbsent(hypothesis.arm(), gain);
      if (hypothesis.changes().size() == 1) {
        ofChanges.putIfAbsent(hypothesis.changes().get(0), gain);
      }
    }
  }

  /** Forecast gain over the baseline, in metric units; 0 where nothing is forecast. */
  double gain(Arm arm) {
    Double own = ofArms.get(arm);
    if (own != null) {
      return own;
    }
    return listed
        ? 0
        : arm.changesFrom(baseline).stream()
            .mapToDouble(change -> ofChanges.getOrDefault(change, 0.0))
            .sum();
  }

  /** Standard deviation of the forecasts, in metric units. */
  double spread() {
    return TrialValues.sd(ofArms.values().stream().mapToDouble(gain -> gain).toArray());
  }

  /**
   * The correlation with the outcome that the forecasts claim for themselves by how far they differ
   * and how uncertain they are; 0 where nothing is forecast.
   */
  double agreement() {
    double explained = spread() * spread();
    return explained == 0
        ? 0
        : Math.min(MOST_AGREEMENT, Math.sqrt(explained / (explained + errorVariance)));
  }
}
