package dev.dormouse.io;

/** Thrown if the lake cannot be read or written; the message names the table and the reason. */
public final class LakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LakeException(String message) {
    super(message);
  }

  public LakeException(String message, Throwable cause) {
    super(message, cause);
  }
}
