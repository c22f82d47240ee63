package dev.dormouse.replay;

import dev.dormouse.model.Arm;
import java.util.OptionalDouble;

/** A row of a replay table: an arm under the table's own id, and what came of it. */
record KnownResult(String taskId, String configId, Arm arm, OptionalDouble value) {}
