package dev.dormouse.campaign;

import java.time.Instant;

/**
 * An event as stored in the log.
 *
 * @param campaignId the campaign
 * @param seq number within the campaign, from 1 without gaps
 * @param commit version of the table whose commit holds it
 * @param at when the tick that wrote it ran
 * @param tickId the tick or command that wrote it
 * @param event what happened
 * @param prevHash hash of the campaign's previous event; empty for the first
 * @param hash over all of the above and the payload as stored
 */
public record LoggedEvent(
    String campaignId,
    long seq,
    long commit,
    Instant at,
    String tickId,
    CampaignEvent event,
    String prevHash,
    String hash) {}
