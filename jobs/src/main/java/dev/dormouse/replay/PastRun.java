package dev.dormouse.replay;

import dev.dormouse.prior.PastResult;

/**
 * A run of history, as replay needs it.
 *
 * @param taskId the replay task that it belongs to; empty if none
 * @param family its data family
 * @param result what came of it
 */
record PastRun(String taskId, String family, PastResult result) {}
