package dev.dormouse.training;

/** A training run could not be started or stopped now; the next tick tries again. */
public final class TrainingBackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingBackendException(String message) {
    super(message);
  }

  public TrainingBackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
