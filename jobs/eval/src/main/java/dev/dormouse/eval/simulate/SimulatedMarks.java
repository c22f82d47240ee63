package dev.dormouse.eval.simulate;

import dev.dormouse.tick.TickMarks;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What ticks leave behind, as one process sees it. */
final class SimulatedMarks implements TickMarks {
  private final List<String> dead;
  private String current = "";

  /**
   * A view of the marks.
   *
   * @param dead the campaigns that dead ticks worked on
   */
  SimulatedMarks(List<String> dead) {
    this.dead = dead;
  }

  @Override
  public Map<String, Integer> crashes() {
    Map<String, Integer> crashes = new TreeMap<>();
    dead.forEach(campaign -> crashes.merge(campaign, 1, Integer::sum));
    return crashes;
  }

  @Override
  public void enter(String campaignId) {
    current = campaignId;
  }

  @Override
  public void leave() {
    current = "";
  }

  @Override
  public void clearCrashes(String campaignId) {
    dead.removeIf(campaignId::equals);
  }

  /** The process has died. */
  void die() {
    if (!current.isEmpty()) {
      dead.add(current);
    }
  }
}
