package dev.dormouse.plan;

/**
 * The lake has the opposite direction for the metric of a campaign's objective; the message names
 * both sources and the remedy.
 */
public final class ObjectiveConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ObjectiveConflictException(String message) {
    super(message);
  }
}
