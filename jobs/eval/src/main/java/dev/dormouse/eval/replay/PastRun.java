package dev.dormouse.eval.replay;

import dev.dormouse.forecast.PastResult;

/**
 * A past run with its replay task and data family.
 *
 * @param taskId the replay task of the run; empty if none
 * @param family its data family
 * @param result its study, arm and result
 */
record PastRun(String taskId, String family, PastResult result) {}
