package dev.dormouse.mine;

import dev.dormouse.model.Insight;
import java.util.List;

/**
 * The result of a mining.
 *
 * @param insights the insights, most useful to a planner first
 * @param runs runs in the lake
 * @param studies studies among them
 * @param studiesRead studies whose facts were computed again, as they have new runs or curves
 */
public record MiningSummary(List<Insight> insights, long runs, long studies, long studiesRead) {
  public MiningSummary {
    insights = List.copyOf(insights);
  }
}
