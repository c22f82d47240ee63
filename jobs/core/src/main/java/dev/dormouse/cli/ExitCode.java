package dev.dormouse.cli;

/** Exit codes of the process; {@code dormouse --help} lists them. */
public final class ExitCode {
  public static final int OK = 0;

  /** A bug of Dormouse. */
  public static final int BUG = 1;

  /** Wrong usage or bad input. */
  public static final int BAD_INPUT = 2;

  /** There is nothing to do, where a schedule asks for it. */
  static final int NOTHING_TO_DO = 3;

  /**
   * A service that is needed does not answer, or other ticks were always first; try again later.
   */
  public static final int UNREACHABLE = 4;

  /** A plan waits for a person's approval. */
  static final int WAITING_FOR_APPROVAL = 5;

  /** The approved budget is used up. */
  static final int BUDGET_REACHED = 6;

  /** A guardrail forbids it, e.g. a failed preflight check. */
  public static final int GUARDRAIL = 7;

  private ExitCode() {}
}
