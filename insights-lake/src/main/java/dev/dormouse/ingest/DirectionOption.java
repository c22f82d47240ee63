package dev.dormouse.ingest;

import dev.dormouse.model.Objective.Direction;
import java.util.Optional;

/**
 * What the command line of an import states of the metric's direction.
 *
 * @param direction whether higher or lower values are better; empty if it states nothing
 * @param conflict what happens to other statements of earlier imports
 */
public record DirectionOption(Optional<Direction> direction, Conflict conflict) {
  /** Nothing is stated. */
  public static final DirectionOption NONE = new DirectionOption(Optional.empty(), Conflict.REFUSE);

  /** What to do if an earlier import stated the opposite direction. */
  public enum Conflict {
    /** Refuse the import. */
    REFUSE,
    /** Replace the earlier statement, which was wrong. */
    CORRECT
  }
}
