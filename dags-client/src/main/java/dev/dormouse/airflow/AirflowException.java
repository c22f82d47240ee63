package dev.dormouse.airflow;

/** Airflow could not do what was asked; the message says what, about which DAG, and what to do. */
public final class AirflowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What sort of trouble it is. */
  public enum Kind {
    /** No answer: the request may or may not have been carried out. */
    UNREACHABLE,
    UNAUTHORIZED,
    NOT_FOUND,
    /** A run with this id, or for this logical date, exists already. */
    CONFLICT,
    /** Airflow refuses the request as it stands. */
    REJECTED,
    SERVER_ERROR
  }

  private final Kind kind;

  AirflowException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  AirflowException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What sort of trouble it is. */
  public Kind kind() {
    return kind;
  }
}
