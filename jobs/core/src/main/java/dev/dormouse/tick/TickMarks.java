package dev.dormouse.tick;

import java.util.Map;

/**
 * What a tick leaves behind while it works on a campaign, so that after its death the next one
 * knows which campaign may have killed it.
 */
public interface TickMarks {
  /** How many ticks died while they worked on each campaign, since one got past it. */
  Map<String, Integer> deaths();

  /** Says that work on a campaign begins. */
  void enter(String campaignId);

  /** Says that work on it has ended. */
  void leave();

  /** Forgets the deaths that a campaign was blamed for. */
  void forgive(String campaignId);
}
