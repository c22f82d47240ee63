package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The gains that the plan's hypotheses forecast, used up to version 3 of the rules. An arm that is
 * a hypothesis has its own forecast; any other arm the sum of the forecasts of its changes, as far
 * as there are any.
 */
final class PlanForecasts implements PriorForecasts {
  /** Upper limit of the correlation, so that there is always something left to explore. */
  private static final double MOST_AGREEMENT = 0.9;

  private final Arm baseline;
  private final boolean hasChanges;
  private final double noiseSd;
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
    this.noiseSd = context.noiseSd();
    this.baseline = context.spec().baseline();
    this.hasChanges = !context.hasListedArms();
    for (Hypothesis hypothesis : context.plan().hypotheses()) {
      double gain = hypothesis.forecast().gain();
      ofArms.putIfAbsent(hypothesis.arm(), gain);
      if (hypothesis.changes().size() == 1) {
        ofChanges.putIfAbsent(hypothesis.changes().get(0), gain);
      }
    }
  }

  @Override
  public double gain(Arm arm) {
    Double own = ofArms.get(arm);
    if (own != null) {
      return own;
    }
    return hasChanges
        ? arm.changesFrom(baseline).stream()
            .mapToDouble(change -> ofChanges.getOrDefault(change, 0.0))
            .sum()
        : 0;
  }

  /** Returns the same forecasts as candidates. */
  ArmForecasts asCandidates() {
    double agreement = agreement();
    return new ArmForecasts(
        agreement,
        agreement == 0 ? noiseSd : spread() / agreement,
        ofArms.entrySet().stream()
            .sorted(Comparator.comparing(entry -> entry.getKey().configId()))
            .map(entry -> new ArmForecast(entry.getKey(), entry.getValue(), 0, 0))
            .toList(),
        List.of());
  }

  /** Returns the standard deviation of the forecasts, in metric units. */
  @Override
  public double spread() {
    return TrialValues.sd(ofArms.values().stream().mapToDouble(gain -> gain).toArray());
  }

  /**
   * Returns the correlation with the outcomes that the forecasts imply by their spread and their
   * uncertainty; 0 if there are none.
   */
  @Override
  public double agreement() {
    double explained = spread() * spread();
    return explained == 0
        ? 0
        : Math.min(MOST_AGREEMENT, Math.sqrt(explained / (explained + errorVariance)));
  }
}
