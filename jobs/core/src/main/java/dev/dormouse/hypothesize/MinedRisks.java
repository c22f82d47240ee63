package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.Insight;
import dev.dormouse.search.Outlook;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Failure rates and costs of arms by the mined insights. */
final class MinedRisks implements Outlook.Risks {
  /** Expected failure rate if nothing is known. */
  private static final double BASE_FAILURE_RATE = 0.05;

  /** Costs are trusted within this factor of the usual run's. */
  private static final double MOST_COST_RATIO = 8;

  private final List<Insight> failures;
  private final List<Insight> costs;
  private final Arm baseline;
  private final long runMicros;
  private final Map<Change, Double> costRatios = new HashMap<>();

  MinedRisks(PlanningContext context) {
    this.failures = of(context, Insight.Kind.FAILURE);
    this.baseline = context.spec().baseline();
    this.costs =
        of(context, Insight.Kind.COST).stream()
            .filter(insight -> Conditions.allow(insight, baseline))
            .toList();
    this.runMicros = context.runCost().expectedMicros();
  }

  private static List<Insight> of(PlanningContext context, Insight.Kind kind) {
    return context.insights().stream()
        .filter(insight -> insight.kind() == kind && insight.effect().isPresent())
        .toList();
  }

  /** Returns the highest failure rate of the insights that describe an arm. */
  @Override
  public double pFailure(Arm arm) {
    return failures.stream()
        .filter(insight -> Conditions.describes(insight, arm))
        .mapToDouble(insight -> insight.effect().orElseThrow().mean())
        .max()
        .orElse(BASE_FAILURE_RATE);
  }

  /** Returns the usual cost of a run, times the mined factor of each change. */
  @Override
  public long costMicros(Arm arm) {
    double ratio = 1;
    for (Change change : arm.changesFrom(baseline)) {
      ratio *= costRatios.computeIfAbsent(change, this::costRatio);
    }
    return (long) (runMicros * Math.min(MOST_COST_RATIO, Math.max(1 / MOST_COST_RATIO, ratio)));
  }

  private double costRatio(Change change) {
    return costs.stream()
        .filter(insight -> insight.parameters().size() == 1)
        .filter(i -> Conditions.parameter(i.parameters().get(0)).equals(change.parameter()))
        .flatMapToDouble(
            insight ->
                MinedEffects.sign(insight.step(), change).stream()
                    .map(sign -> Math.pow(insight.effect().orElseThrow().mean(), sign)))
        .findFirst()
        .orElse(1);
  }
}
