package dev.dormouse.ingest;

/** A server that runs are imported from does not answer, or not now; the message says which. */
public final class SourceUnreachableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SourceUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
