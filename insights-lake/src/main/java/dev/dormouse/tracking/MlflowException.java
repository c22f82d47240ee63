package dev.dormouse.tracking;

/**
 * A request to an MLflow tracking server failed. The message says what failed, the path of the
 * request, and what to do.
 */
public abstract sealed class MlflowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private MlflowException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * The server gave no complete reply, or replied that it is overloaded or broken (429, 5xx). It is
   * unknown whether it carried out the request; the same request may succeed later.
   */
  public static final class Unreachable extends MlflowException {
    private static final long serialVersionUID = 1L;

    public Unreachable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The server understood the request and refused it; sent again it would be refused again. */
  public static final class Refused extends MlflowException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public Refused(int status, String message) {
      super(message, null);
      this.status = status;
    }

    /** Returns whether the server said that the object in question does not exist. */
    public boolean isNotFound() {
      return status == 404;
    }
  }

  /** The reply is not one of MLflow: the URL is probably that of another program. */
  public static final class UnexpectedReply extends MlflowException {
    private static final long serialVersionUID = 1L;

    public UnexpectedReply(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
