package dev.dormouse.model;

import java.util.Locale;

/**
 * The end of a training run. Everything but {@link #OK} is a failure; failures are recorded like
 * successes.
 */
public enum RunStatus {
  /** Finished with a usable metric. */
  OK,
  /** Finished without learning anything: the metric is at chance level. */
  COLLAPSED,
  /** Ran out of memory. */
  OOM,
  /** The loss became infinite or not a number. */
  DIVERGED,
  /** Ran past its time limit. */
  TIMEOUT,
  /** Failed because of the machine, not the arm: killed, lost, disk full. */
  INFRA,
  /** Failed for another reason, e.g. an exception of the trainer. */
  FAILED,
  /** Listed in a published campaign without a metric; the cause is unknown. */
  NO_RESULT,
  /** Stopped early on purpose because of its intermediate metrics. */
  ABANDONED;

  /**
   * Returns whether a run that ended so tells something of its arm: not if the machine failed it,
   * it was stopped, or nobody knows how it ended.
   */
  public boolean tellsOfArm() {
    return this != INFRA && this != ABANDONED && this != NO_RESULT;
  }

  /** The name as stored in the lake, e.g. {@code no_result}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the status with this stored name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static RunStatus fromId(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
