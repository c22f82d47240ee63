package dev.dormouse.model;

import java.util.Locale;

/**
 * How one training run ended. Everything but {@link #OK} is a failure, and remembered as carefully
 * as a success.
 */
public enum RunStatus {
  /** Finished with a usable metric. */
  OK,
  /** Finished, but learnt nothing: the metric is at chance level. */
  COLLAPSED,
  /** Stopped for want of memory. */
  OOM,
  /** The loss became infinite or not a number. */
  DIVERGED,
  /** Ran past its time limit. */
  TIMEOUT,
  /** The machine, not the arm, is to blame: killed, lost, disk full. */
  INFRA,
  /** Failed for another reason, e.g. an exception of the trainer. */
  FAILED,
  /** Listed by a published campaign that published no metric for it; the cause is unknown. */
  NO_RESULT,
  /** Stopped early on purpose, because its intermediate metrics were hopeless. */
  ABANDONED;

  /** The name as stored in the lake, e.g. {@code no_result}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The status with this stored name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static RunStatus fromId(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
