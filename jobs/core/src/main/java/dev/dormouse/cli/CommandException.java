package dev.dormouse.cli;

/**
 * A command cannot be carried out, for a reason that the user can act on: one sentence and an exit
 * code.
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

  public static CommandException badInput(String message) {
    return new CommandException(ExitCode.BAD_INPUT, message);
  }
}
