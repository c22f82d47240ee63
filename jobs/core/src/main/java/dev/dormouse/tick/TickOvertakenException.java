package dev.dormouse.tick;

/**
 * Ticks that run at the same time always committed first, so that this one decided nothing. Nothing
 * is lost: the next tick goes on.
 */
public final class TickOvertakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Says that a tick gave up.
   *
   * @param rounds how often it decided and others had committed by then
   */
  public TickOvertakenException(int rounds) {
    super("Other ticks committed " + rounds + " times in between; the next tick goes on");
  }
}
