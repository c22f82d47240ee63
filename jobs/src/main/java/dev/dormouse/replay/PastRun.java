package dev.dormouse.replay;

import dev.dormouse.model.Arm;
import java.util.OptionalDouble;

/**
 * A run of history, as replay needs it.
 *
 * @param taskId the replay task that it belongs to; empty if none
 * @param family its data family
 * @param study runs of one study may be compared
 * @param arm what was trained
 * @param value higher is better; empty if it failed
 */
record PastRun(String taskId, String family, String study, Arm arm, OptionalDouble value) {}
