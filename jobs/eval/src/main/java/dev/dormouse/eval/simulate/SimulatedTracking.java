package dev.dormouse.eval.simulate;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.tick.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The tracking server as one process reaches it: requests fail, and replies may be lost. */
final class SimulatedTracking implements Outbox {
  private static final double FAILED = 0.2;
  private static final double LOST_REPLY = 0.2;

  private final Set<String> server;
  private final SimulatedProcess process;
  private final Chaos chaos;
  private final boolean outage;

  /**
   * Creates one process's view of the server.
   *
   * @param server keys of all published items, shared by all processes
   */
  SimulatedTracking(Set<String> server, SimulatedProcess process, Chaos chaos, boolean outage) {
    this.server = server;
    this.process = process;
    this.chaos = chaos;
    this.outage = outage;
  }

  /** Returns the items that a campaign publishes: its status, and every run that has ended. */
  static List<String> items(CampaignState state) {
    List<String> items = new ArrayList<>();
    items.add("campaign:" + state.campaignId() + "@" + state.status().id());
    state.attempts().values().stream()
        .filter(attempt -> attempt.outcome().isPresent())
        .map(Attempt::key)
        .forEach(key -> items.add("trial:" + key.runId()));
    return items;
  }

  @Override
  public List<String> publish(CampaignState state) {
    List<String> published = new ArrayList<>();
    for (String item : items(state)) {
      if (!state.publishedKeys().contains(item)) {
        process.point("before publish");
        if (outage || chaos.occurs(Chaos.Fault.PUBLISH_FAILED, FAILED)) {
          return published;
        }
        server.add(item);
        process.point("after publish");
        if (chaos.occurs(Chaos.Fault.LOST_PUBLISH_REPLY, LOST_REPLY)) {
          throw new IllegalStateException("connection reset");
        }
        published.add(item);
      }
    }
    return published;
  }

  @Override
  public int pending(CampaignState state) {
    return (int)
        items(state).stream().filter(item -> !state.publishedKeys().contains(item)).count();
  }
}
