package dev.dormouse.cli;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.config.Deployment;
import dev.dormouse.io.KernelLake;
import dev.dormouse.tick.Inbox;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;

/** Sends people's commands to campaigns, refusing at once what the next tick would refuse. */
final class CampaignMessages {
  private static final String CHANNEL = "cli";

  private CampaignMessages() {}

  /** Refuses approvals by the command line where the deployment does not want them. */
  static void requireChannel(Deployment deployment) {
    if (!deployment.approvalChannels().contains(CHANNEL)) {
      throw new CommandException(
          ExitCode.GUARDRAIL,
          "This deployment takes approvals only from "
              + String.join(" and ", deployment.approvalChannels().stream().sorted().toList())
              + " (its key approval.channels).");
    }
  }

  static void approve(
      KernelLake lake, String campaignId, String planHash, long capMicros, String by, Instant now) {
    requireWaiting(lake, campaignId, planHash);
    OptionalLong cap = capMicros > 0 ? OptionalLong.of(capMicros) : OptionalLong.empty();
    Inbox.send(lake, new InboxMessage.Approve(header(campaignId, by, "", now), planHash, cap));
  }

  static void reject(
      KernelLake lake, String campaignId, String planHash, String by, String comment, Instant now) {
    requireWaiting(lake, campaignId, planHash);
    Inbox.send(lake, new InboxMessage.Reject(header(campaignId, by, comment, now), planHash));
  }

  private static void requireWaiting(KernelLake lake, String campaignId, String planHash) {
    CampaignState state = CampaignLookup.require(lake, campaignId);
    String newest =
        state
            .planHash()
            .orElseThrow(
                () ->
                    CommandException.badInput(
                        "Campaign "
                            + campaignId
                            + " has no plan yet; make one with 'dormouse plan "
                            + campaignId
                            + "'."));
    if (!newest.equals(planHash)) {
      throw CommandException.badInput(
          "Plan "
              + planHash
              + " is not the newest of "
              + campaignId
              + "; that is "
              + newest
              + ". Look at it with 'dormouse campaign show "
              + campaignId
              + "'.");
    }
    if (state.status() != CampaignState.Status.WAITING_FOR_APPROVAL) {
      throw CommandException.badInput(
          "Campaign " + campaignId + " is " + state.status().id() + ", not waiting for approval.");
    }
  }

  static void send(
      KernelLake lake,
      String campaignId,
      String by,
      String comment,
      Instant now,
      Function<InboxMessage.Header, InboxMessage> message) {
    CampaignLookup.require(lake, campaignId);
    Inbox.send(lake, message.apply(header(campaignId, by, comment, now)));
  }

  private static InboxMessage.Header header(
      String campaignId, String by, String comment, Instant now) {
    return new InboxMessage.Header(
        UUID.randomUUID().toString(),
        campaignId,
        by,
        now.truncatedTo(ChronoUnit.MICROS),
        CHANNEL,
        comment);
  }
}
