package dev.dormouse.tick;

import java.util.List;

/**
 * Summary of a tick.
 *
 * @param tickId its id
 * @param events control events written
 * @param launched training runs started
 * @param settled training runs whose end was recorded
 * @param failures number of these that failed
 * @param open training runs that are still open
 * @param active campaigns that a later tick must still look at
 * @param waitingForApproval campaigns whose plan waits for approval
 * @param unpublished number of items that wait to be published to MLflow
 * @param explanation the reasons of its decisions, for people
 */
public record TickSummary(
    String tickId,
    int events,
    int launched,
    int settled,
    int failures,
    int open,
    List<String> active,
    List<String> waitingForApproval,
    int unpublished,
    List<String> explanation) {
  public TickSummary {
    active = List.copyOf(active);
    waitingForApproval = List.copyOf(waitingForApproval);
    explanation = List.copyOf(explanation);
  }
}
