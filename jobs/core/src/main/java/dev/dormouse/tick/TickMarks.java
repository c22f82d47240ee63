package dev.dormouse.tick;

import java.util.Map;

/**
 * Marks that a tick sets while it works on a campaign, so that the next tick knows which campaign
 * may have crashed it.
 */
public interface TickMarks {
  /** Returns how many ticks crashed while they worked on each campaign, since the last success. */
  Map<String, Integer> crashes();

  /** Marks that work on a campaign begins. */
  void enter(String campaignId);

  /** Marks that work on the campaign has ended. */
  void leave();

  /** Clears the campaign's crash count. */
  void clearCrashes(String campaignId);
}
