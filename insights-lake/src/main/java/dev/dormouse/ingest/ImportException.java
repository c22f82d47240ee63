package dev.dormouse.ingest;

/**
 * Thrown if a source or mapping cannot be imported. The message says what is wrong, where, and what
 * would be right.
 */
public final class ImportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ImportException(String message) {
    super(message);
  }

  public ImportException(String message, Throwable cause) {
    super(message, cause);
  }
}
