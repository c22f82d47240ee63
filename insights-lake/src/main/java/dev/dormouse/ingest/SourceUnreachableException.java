package dev.dormouse.ingest;

/** Thrown if a server to import from does not answer; the message names it. */
public final class SourceUnreachableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SourceUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
