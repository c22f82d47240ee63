package dev.dormouse.cli;

/** What the process tells its caller. */
public final class ExitCode {
  public static final int OK = 0;

  /** An error of ours. */
  static final int BUG = 1;

  /** Wrong usage or bad input. */
  public static final int BAD_INPUT = 2;

  /** A service that is needed does not answer. */
  public static final int UNREACHABLE = 4;

  /** A plan waits for a person's approval. */
  static final int WAITING_FOR_APPROVAL = 5;

  /** The approved budget does not allow to go on. */
  static final int BUDGET_REACHED = 6;

  /** A guardrail forbids it, e.g. a failed preflight check. */
  public static final int GUARDRAIL = 7;

  private ExitCode() {}
}
