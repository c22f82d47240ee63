package dev.dormouse.mine;

import dev.dormouse.model.Insight;
import java.util.List;

/**
 * What a mining found.
 *
 * @param insights most useful to a planner first
 * @param runs runs in the lake
 * @param studies studies among them
 */
public record MiningSummary(List<Insight> insights, long runs, long studies) {
  public MiningSummary {
    insights = List.copyOf(insights);
  }
}
