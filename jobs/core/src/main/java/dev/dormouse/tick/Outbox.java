package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignState;
import java.util.List;

/**
 * Publishes the pending items of campaigns. Items that cannot be published now stay pending for the
 * next tick.
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

  /** Returns the number of pending items of a campaign. */
  int pending(CampaignState state);
}
