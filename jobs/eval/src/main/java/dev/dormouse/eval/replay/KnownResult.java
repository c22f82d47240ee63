package dev.dormouse.eval.replay;

import dev.dormouse.model.Arm;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A row of a replay table: an arm under the table's own id, and what came of it.
 *
 * @param value final result, higher is better; empty if it failed
 * @param curve the same after each stretch of training, NaN where it was not finite; empty if the
 *     table has no learning curves
 */
record KnownResult(
    String taskId, String configId, Arm arm, OptionalDouble value, List<Double> curve) {
  KnownResult {
    curve = List.copyOf(curve);
  }

  /** The same under another name. */
  KnownResult as(Arm alias) {
    return new KnownResult(taskId, configId, alias, value, curve);
  }
}
