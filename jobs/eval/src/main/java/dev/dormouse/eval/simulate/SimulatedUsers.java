package dev.dormouse.eval.simulate;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.io.TableStore;
import dev.dormouse.tick.Inbox;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;

/** Simulates users who approve plans, with stale approvals, and send other commands at random. */
final class SimulatedUsers {
  private static final double STALE = 0.5;

  private final Chaos chaos;
  private int messages;

  SimulatedUsers(Chaos chaos) {
    this.chaos = chaos;
  }

  /** Sends a command to a campaign, or none. */
  void act(TableStore store, CampaignState state, Instant now) {
    Random random = chaos.random();
    if (state.status() == Status.WAITING_FOR_APPROVAL && random.nextInt(2) == 0) {
      approve(store, state, now);
    }
    if (!chaos.isOn()) {
      return;
    }
    switch (random.nextInt(60)) {
      case 0 -> send(store, state, now, InboxMessage.Pause::new);
      case 1, 2, 3 -> send(store, state, now, InboxMessage.Resume::new);
      case 4 -> {
        long cap = cap(state, random);
        send(store, state, now, header -> new InboxMessage.SetBudget(header, cap));
      }
      case 5 -> approve(store, state, now);
      case 6 -> {
        if (random.nextInt(4) == 0) {
          send(store, state, now, InboxMessage.Halt::new);
        }
      }
      default -> {
        // No command.
      }
    }
  }

  /** Sends the commands that a campaign needs to end, after faults have stopped. */
  void helpToEnd(TableStore store, CampaignState state, Instant now) {
    if (state.status() == Status.WAITING_FOR_APPROVAL) {
      approve(store, state, now);
    } else if (state.status() == Status.PAUSED) {
      send(store, state, now, InboxMessage.Resume::new);
    }
  }

  private void approve(TableStore store, CampaignState state, Instant now) {
    String hash = state.planHash().orElseThrow();
    boolean stale = chaos.occurs(Chaos.Fault.STALE_APPROVAL, STALE);
    OptionalLong cap =
        chaos.random().nextInt(3) > 0
            ? OptionalLong.empty()
            : OptionalLong.of(cap(state, chaos.random()));
    String named = stale ? "0123456789abcdef" : hash;
    send(store, state, now, header -> new InboxMessage.Approve(header, named, cap));
  }

  private static long cap(CampaignState state, Random random) {
    long worstCase = state.spec().orElseThrow().training().worstCaseMicros();
    return worstCase * (1 + random.nextInt(12)) + random.nextInt(1000);
  }

  private void send(
      TableStore store,
      CampaignState state,
      Instant now,
      Function<InboxMessage.Header, InboxMessage> message) {
    messages++;
    Inbox.send(
        store,
        message.apply(
            new InboxMessage.Header(
                "m-" + messages, state.campaignId(), "ann", now.plusMillis(messages), "cli", "")));
  }
}
