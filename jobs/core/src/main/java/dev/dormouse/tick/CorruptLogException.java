package dev.dormouse.tick;

/** The log of events does not verify; nothing may be decided on it until that is understood. */
public final class CorruptLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CorruptLogException(String message) {
    super(message);
  }
}
