package dev.dormouse.tick;

import java.util.List;

/**
 * What a tick did.
 *
 * @param tickId its id
 * @param events control events written
 * @param launched training runs started
 * @param settled training runs whose end was recorded
 * @param failures failed ones among them
 * @param open training runs that go on
 * @param unreachable training runs that could not be asked about
 * @param active campaigns that a later tick still has to look at
 * @param waitingForApproval campaigns that wait for a person
 * @param unpublished items that wait for MLflow
 * @param explanation why it did what it did
 */
public record TickSummary(
    String tickId,
    int events,
    int launched,
    int settled,
    int failures,
    int open,
    int unreachable,
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
