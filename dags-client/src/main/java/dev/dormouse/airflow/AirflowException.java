package dev.dormouse.airflow;

/** A request to Airflow failed. The message says which, for which DAG, and what to do. */
public final class AirflowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kinds of failures. */
  public enum Kind {
    /** No reply: it is unknown whether the request was carried out. */
    UNREACHABLE,
    UNAUTHORIZED,
    NOT_FOUND,
    /** A run with this id or logical date exists already. */
    CONFLICT,
    /** Airflow refuses the request; sent again it would be refused again. */
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

  /** Returns the kind of the failure. */
  public Kind kind() {
    return kind;
  }
}
