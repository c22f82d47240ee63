package dev.dormouse.campaign;

import java.time.Instant;

/**
 * What a person asked of a campaign.
 *
 * @param messageId unique
 * @param campaignId the campaign
 * @param kind approve, pause, resume, halt or budget
 * @param by who asked
 * @param at when
 * @param channel cli, airflow or mlflow
 * @param planHash for an approval: the plan it is for, else empty
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
    String comment) {}
