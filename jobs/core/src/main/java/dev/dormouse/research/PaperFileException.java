package dev.dormouse.research;

/** Thrown if a file of papers cannot be read; the message says why and what would be right. */
public final class PaperFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PaperFileException(String message) {
    super(message);
  }

  PaperFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
