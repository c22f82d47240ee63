package dev.dormouse.model;

import dev.dormouse.model.Metric.Basis;
import dev.dormouse.model.Objective.Direction;

/**
 * The direction of a study's metric, as somebody stated it.
 *
 * @param study id of the study
 * @param metric the study's metric
 * @param direction whether higher or lower values are better
 * @param basis who stated it
 * @param origin where exactly, e.g. the mapping file, the campaign
 */
public record StatedDirection(
    String study, String metric, Direction direction, Basis basis, String origin) {
  public StatedDirection {
    if (!basis.isStated()) {
      throw new IllegalArgumentException("Nobody states a direction by " + basis.id());
    }
  }

  /** Returns who states what, for messages: {@code mapping runs.yaml says minimize}. */
  public String text() {
    return (basis == Basis.OPTION ? "--direction" : basis.id() + " " + origin)
        + " says "
        + direction.id();
  }
}
