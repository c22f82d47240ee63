package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Insight;
import java.util.Map;

/** Tests whether an insight applies to an arm. */
final class Conditions {
  private static final String MODEL_VARIANT = "model_variant";

  private Conditions() {}

  /** Returns whether no condition contradicts the arm; parameters that the arm lacks pass. */
  static boolean allow(Insight insight, Arm arm) {
    return insight.conditions().entrySet().stream()
        .allMatch(condition -> holds(condition, arm, true));
  }

  /** Returns whether the insight names values and the arm has all of them. */
  static boolean describes(Insight insight, Arm arm) {
    boolean namesValue = insight.parameters().size() == 1 && !insight.step().to().isEmpty();
    if (!namesValue && insight.conditions().isEmpty()) {
      return false;
    }
    boolean hasValue =
        !namesValue
            || arm.value(parameter(insight.parameters().get(0)))
                .filter(insight.step().to()::equals)
                .isPresent();
    return hasValue
        && insight.conditions().entrySet().stream()
            .allMatch(condition -> holds(condition, arm, false));
  }

  /** Returns the search space's name of an insight's parameter. */
  static String parameter(String insightName) {
    return insightName.equals(MODEL_VARIANT) ? Arm.MODEL : insightName;
  }

  private static boolean holds(Map.Entry<String, String> condition, Arm arm, boolean ifMissing) {
    return arm.value(parameter(condition.getKey()))
        .map(
            value ->
                value.equals(condition.getValue())
                    || SpaceProjection.sameName(value, condition.getValue()))
        .orElse(ifMissing);
  }
}
