package dev.dormouse.campaign;

import java.time.Instant;

/**
 * What a person asked of a campaign.
 *
 * @param messageId unique
 * @param campaignId the campaign
 * @param kind approve, approve_smaller, reject, pause, resume, halt or budget
 * @param by who asked
 * @param at when
 * @param channel cli, airflow or mlflow
 * @param planHash for an approval or rejection: the plan it is for, else empty
 * @param capMicros for an approval or budget: the cap in micro-GPU-hours, 0 to take the plan's
 * @param comment what the person said
 */
public record InboxMessage(
    String messageId,
    String campaignId,
    String kind,
    String by,
    Instant at,
    String channel,
    String planHash,
    long capMicros,
    String comment) {
  /** Approves a plan, with its cap or another. */
  public static final String APPROVE = "approve";

  /** Approves a plan with a cap that must be smaller than the plan's. */
  public static final String APPROVE_SMALLER = "approve_smaller";

  /** Rejects a plan. */
  public static final String REJECT = "reject";

  /** Nobody can tell what was meant; the comment says why. */
  public static final String UNREADABLE = "unreadable";

  /** Who asked, if it was not a person: a time-out. */
  public static final String NOBODY = "nobody";
}
