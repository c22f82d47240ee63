package dev.dormouse.mine;

import dev.dormouse.model.Insight;
import java.util.List;

/**
 * What a mining found.
 *
 * @param insights most useful to a planner first
 * @param runs runs in the lake
 * @param studies studies among them
 * @param studiesRead studies that had to be looked at again, since they have new runs or curves
 */
public record MiningSummary(List<Insight> insights, long runs, long studies, long studiesRead) {
  public MiningSummary {
    insights = List.copyOf(insights);
  }
}
