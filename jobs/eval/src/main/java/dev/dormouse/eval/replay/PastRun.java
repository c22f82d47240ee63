package dev.dormouse.eval.replay;

import dev.dormouse.forecast.PastResult;

/**
 * A run of history, as replay needs it.
 *
 * @param taskId the replay task that it belongs to; empty if none
 * @param family its data family
 * @param result what came of it
 */
record PastRun(String taskId, String family, PastResult result) {}
