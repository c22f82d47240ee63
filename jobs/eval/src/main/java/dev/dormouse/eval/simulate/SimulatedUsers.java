package dev.dormouse.eval.simulate;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.io.TableStore;
import dev.dormouse.tick.Inbox;
import java.time.Instant;
import java.util.Random;

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
      case 0 -> send(store, state, "pause", "", 0, now);
      case 1, 2, 3 -> send(store, state, "resume", "", 0, now);
      case 4 -> send(store, state, "budget", "", cap(state, random), now);
      case 5 -> approve(store, state, now);
      case 6 -> {
        if (random.nextInt(4) == 0) {
          send(store, state, "halt", "", 0, now);
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
      send(store, state, "resume", "", 0, now);
    }
  }

  private void approve(TableStore store, CampaignState state, Instant now) {
    String hash = state.plan().orElseThrow().hash();
    boolean stale = chaos.occurs(Chaos.Fault.STALE_APPROVAL, STALE);
    long cap = chaos.random().nextInt(3) > 0 ? 0 : cap(state, chaos.random());
    send(store, state, "approve", stale ? "0123456789abcdef" : hash, cap, now);
  }

  private static long cap(CampaignState state, Random random) {
    long worstCase = state.spec().orElseThrow().training().worstCaseMicros();
    return worstCase * (1 + random.nextInt(12)) + random.nextInt(1000);
  }

  private void send(
      TableStore store, CampaignState state, String kind, String planHash, long cap, Instant now) {
    messages++;
    Inbox.send(
        store,
        new InboxMessage(
            "m-" + messages,
            state.campaignId(),
            kind,
            "ann",
            now.plusMillis(messages),
            "cli",
            planHash,
            cap,
            ""));
  }
}
