package dev.dormouse.config;

/**
 * Result of a check made before anything is trained.
 *
 * @param name name of the check
 * @param ok whether it passed
 * @param detail what was found
 * @param remedy what to do if it failed; empty if it passed
 */
public record CheckResult(String name, boolean ok, String detail, String remedy) {
  /** Returns the result of a check that passed. */
  public static CheckResult passed(String name, String detail) {
    return new CheckResult(name, true, detail, "");
  }

  /** Returns the result of a check that failed. */
  public static CheckResult failed(String name, String detail, String remedy) {
    return new CheckResult(name, false, detail, remedy);
  }
}
