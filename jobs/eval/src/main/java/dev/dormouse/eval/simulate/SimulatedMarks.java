package dev.dormouse.eval.simulate;

import dev.dormouse.tick.TickMarks;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Crash marks of ticks, as one process sees them. */
final class SimulatedMarks implements TickMarks {
  private final List<String> dead;
  private String current = "";

  /**
   * Creates one process's view of the marks.
   *
   * @param dead the campaigns that crashed ticks worked on, shared by all processes
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

  /** Records that the process crashed. */
  void recordCrash() {
    if (!current.isEmpty()) {
      dead.add(current);
    }
  }
}
