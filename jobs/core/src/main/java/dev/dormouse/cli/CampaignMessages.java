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

/**
 * Sends one person's messages to one campaign. Rejects at once what the next tick would reject.
 *
 * <p>Reads the log of campaigns once, when it is made.
 */
final class CampaignMessages {
  /** Tells the user when the message takes effect. */
  static final String SENT = "Sent; the next tick acts on it.";

  private static final String CHANNEL = "cli";

  private final KernelLake lake;
  private final CampaignState state;
  private final String by;
  private final Instant now;

  /**
   * @param by who sends
   * @param now when
   * @throws CommandException if the lake has no such campaign
   */
  CampaignMessages(KernelLake lake, String campaignId, String by, Instant now) {
    this.lake = lake;
    this.state = CampaignLookup.state(lake, campaignId);
    this.by = by;
    this.now = now.truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * Checks that the deployment takes approvals from the command line.
   *
   * @throws CommandException if it does not
   */
  static void requireChannel(Deployment deployment) {
    if (!deployment.approvalChannels().contains(CHANNEL)) {
      throw new CommandException(
          ExitCode.GUARDRAIL,
          "This deployment takes approvals only from "
              + String.join(" and ", deployment.approvalChannels().stream().sorted().toList())
              + " (its key approval.channels).");
    }
  }

  /**
   * Approves the campaign's newest plan.
   *
   * @param capMicros the budget in micro-GPU-hours; empty for the plan's
   */
  void approve(String planHash, OptionalLong capMicros) {
    requireWaiting(planHash);
    Inbox.send(lake, new InboxMessage.Approve(header(""), planHash, capMicros));
  }

  /** Rejects the campaign's newest plan. */
  void reject(String planHash, String comment) {
    requireWaiting(planHash);
    Inbox.send(lake, new InboxMessage.Reject(header(comment), planHash));
  }

  void pause(String comment) {
    Inbox.send(lake, new InboxMessage.Pause(header(comment)));
  }

  void resume(String comment) {
    Inbox.send(lake, new InboxMessage.Resume(header(comment)));
  }

  void halt(String comment) {
    Inbox.send(lake, new InboxMessage.Halt(header(comment)));
  }

  /** Sets another cap, in micro-GPU-hours. */
  void setBudget(long capMicros, String comment) {
    Inbox.send(lake, new InboxMessage.SetBudget(header(comment), capMicros));
  }

  private void requireWaiting(String planHash) {
    String campaignId = state.campaignId();
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
              + (state.planReason().isEmpty() ? "" : " (" + state.planReason() + ")")
              + ". Look at it with 'dormouse campaign show "
              + campaignId
              + "'.");
    }
    if (state.status() != CampaignState.Status.WAITING_FOR_APPROVAL) {
      throw CommandException.badInput(
          "Campaign " + campaignId + " is " + state.status().id() + ", not waiting for approval.");
    }
  }

  private InboxMessage.Header header(String comment) {
    return new InboxMessage.Header(
        UUID.randomUUID().toString(), state.campaignId(), by, now, CHANNEL, comment);
  }
}
