package dev.dormouse.approval;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.io.TableStore;
import dev.dormouse.tick.Inbox;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the answers that people give through channels to the inbox, each answer once. A channel
 * that fails causes a warning; the next tick tries it again.
 */
public final class Approvals {
  private static final Logger LOG = LoggerFactory.getLogger(Approvals.class);

  private final TableStore store;
  private final List<ApprovalChannel> channels;

  /** The approvals of a lake, by the channels that its deployment allows. */
  public Approvals(TableStore store, List<ApprovalChannel> channels) {
    this.store = store;
    this.channels = List.copyOf(channels);
  }

  /**
   * Asks for the approvals that campaigns wait for, and fetches the answers.
   *
   * @param campaigns the state of every campaign
   */
  public void collect(Collection<CampaignState> campaigns, Instant now) {
    for (ApprovalChannel channel : channels) {
      try {
        campaigns.stream()
            .filter(state -> state.status() == Status.WAITING_FOR_APPROVAL)
            .forEach(state -> request(channel, state));
        deliver(channel.answers(campaigns, now), campaigns);
      } catch (RuntimeException e) {
        LOG.warn("Approvals cannot be fetched; the next tick tries again", e);
      }
    }
  }

  /** Requests an approval; a failure must not stop the requests of other campaigns. */
  private static void request(ApprovalChannel channel, CampaignState waiting) {
    try {
      channel.request(waiting);
    } catch (RuntimeException e) {
      LOG.warn(
          "Cannot request the approval of {}; the next tick tries again", waiting.campaignId(), e);
    }
  }

  private void deliver(List<InboxMessage> answers, Collection<CampaignState> campaigns) {
    Set<String> answered =
        campaigns.stream()
            .flatMap(state -> state.answeredMessages().stream())
            .collect(Collectors.toSet());
    List<InboxMessage> fresh =
        answers.stream().filter(answer -> !answered.contains(answer.messageId())).toList();
    if (fresh.isEmpty()) {
      return;
    }
    Set<String> delivered =
        Inbox.read(store).stream().map(InboxMessage::messageId).collect(Collectors.toSet());
    fresh.stream()
        .filter(answer -> !delivered.contains(answer.messageId()))
        .forEach(answer -> Inbox.send(store, answer));
  }
}
