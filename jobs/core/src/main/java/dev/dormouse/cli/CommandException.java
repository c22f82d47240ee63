package dev.dormouse.cli;

/**
 * Says why a command failed, for a reason that the user can act on, and with which {@link ExitCode}
 * the process ends.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int exitCode;

  public CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }

  /** Returns an exception for wrong usage or bad input. */
  public static CommandException badInput(String message) {
    return new CommandException(ExitCode.BAD_INPUT, message);
  }
}
