package dev.dormouse.eval.replay;

import dev.dormouse.model.Arm;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A row of a replay table: an arm, its id in the table, and its result.
 *
 * @param value final result, higher is better; empty if the run failed
 * @param curve results during training, NaN where not finite; empty if the table has no learning
 *     curves
 */
record KnownResult(
    String taskId, String configId, Arm arm, OptionalDouble value, List<Double> curve) {
  KnownResult {
    curve = List.copyOf(curve);
  }

  /** Returns the same result of a renamed arm. */
  KnownResult as(Arm alias) {
    return new KnownResult(taskId, configId, alias, value, curve);
  }
}
