package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignState;
import java.util.List;

/**
 * Publishes what a campaign has to show and has not shown yet. What cannot be published now stays
 * for the next tick.
 */
public interface Outbox {
  /**
   * Publishes the pending items of a campaign.
   *
   * @return keys of the items published now, for {@link
   *     dev.dormouse.campaign.CampaignEvent.OutboxAcked}; publishing an item twice (since an
   *     acknowledgement was lost) changes nothing
   */
  List<String> publish(CampaignState state);

  /** How many items of a campaign wait to be published. */
  int pending(CampaignState state);
}
