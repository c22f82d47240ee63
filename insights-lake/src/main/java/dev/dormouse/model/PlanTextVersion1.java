package dev.dormouse.model;

import dev.dormouse.model.Plan.CostEstimate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes the text whose digest identified plans in version 1: what {@code toString()} of the
 * records wrote at the time. Logs of that time are verified with it; never change it, also when
 * records or components get other names.
 */
final class PlanTextVersion1 {
  private PlanTextVersion1() {}

  static String of(Plan plan) {
    return "Plan[campaignId="
        + plan.campaignId()
        + ", phases="
        + list(plan.phases(), PlanTextVersion1::phase)
        + ", hypotheses="
        + list(plan.hypotheses(), PlanTextVersion1::hypothesis)
        + ", cost="
        + cost(plan.cost())
        + ", capMicros="
        + plan.capMicros()
        + ", stopRules="
        + list(plan.stopRules(), rule -> rule)
        + ", notTried="
        + list(
            plan.notTried(), left -> "NotTried[what=" + left.what() + ", why=" + left.why() + "]")
        + "]";
  }

  private static <T> String list(List<T> values, Function<T, String> text) {
    return values.stream().map(text).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String phase(Plan.PhasePlan phase) {
    return "PhasePlan[phase="
        + phase.phase().name()
        + ", trials="
        + phase.trials()
        + ", seeds="
        + list(phase.seeds(), seed -> Long.toString(seed))
        + ", cost="
        + cost(phase.cost())
        + ", purpose="
        + phase.purpose()
        + "]";
  }

  private static String cost(CostEstimate cost) {
    return "CostEstimate[lowMicros="
        + cost.lowMicros()
        + ", expectedMicros="
        + cost.expectedMicros()
        + ", highMicros="
        + cost.highMicros()
        + ", basis="
        + cost.basis()
        + "]";
  }

  private static String hypothesis(Hypothesis hypothesis) {
    Hypothesis.Forecast forecast = hypothesis.forecast();
    return "Hypothesis[hypothesisId="
        + hypothesis.hypothesisId()
        + ", source="
        + hypothesis.source().name()
        + ", claim="
        + hypothesis.claim()
        + ", rationale="
        + hypothesis.rationale()
        + ", arm=Arm[modelVariant="
        + hypothesis.arm().modelVariant()
        + ", params="
        + Arm.textVersion1(hypothesis.arm().params())
        + "], changes="
        + list(hypothesis.changes(), PlanTextVersion1::change)
        + ", evidence="
        + list(hypothesis.evidence(), id -> id)
        + ", forecast=Forecast[gain="
        + forecast.gain()
        + ", gainSd="
        + forecast.gainSd()
        + ", pSuccess="
        + forecast.pSuccess()
        + ", pFailure="
        + forecast.pFailure()
        + ", costMicros="
        + forecast.costMicros()
        + "], score="
        + hypothesis.score()
        + ", terms="
        + Arm.textVersion1(hypothesis.terms())
        + ", duplicateOf="
        + optional(hypothesis.duplicateOf())
        + "]";
  }

  private static String change(Change change) {
    return change.parameter() + ": " + orUnset(change.from()) + " -> " + orUnset(change.to());
  }

  private static String orUnset(String value) {
    return value.isEmpty() ? "unset" : value;
  }

  private static String optional(Optional<String> value) {
    return value.map(text -> "Optional[" + text + "]").orElse("Optional.empty");
  }
}
