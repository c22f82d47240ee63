package dev.dormouse.cli;

import java.nio.file.Path;
import java.util.Optional;

/** What the launcher {@code ./dormouse} tells its commands by environment variables. */
public final class LauncherEnvironment {
  private LauncherEnvironment() {}

  /** Returns the installation's directory: {@code DORMOUSE_HOME}, else the current directory. */
  public static Path home() {
    return directory("DORMOUSE_HOME").orElse(Path.of("")).toAbsolutePath().normalize();
  }

  /** Returns the directory of local state: {@code DORMOUSE_STATE}, else {@code .dormouse}. */
  public static Path state() {
    return directory("DORMOUSE_STATE").orElse(home().resolve(".dormouse"));
  }

  /**
   * Returns the Python environment with MLflow and the example trainer's libraries: {@code
   * DORMOUSE_PYTHON_ENV}; empty if there is none.
   */
  public static Optional<Path> python() {
    return directory("DORMOUSE_PYTHON_ENV");
  }

  /** Returns the directory that a variable names; empty if it is not set. */
  public static Optional<Path> directory(String variable) {
    return Optional.ofNullable(System.getenv(variable)).map(Path::of);
  }

  /** Returns whether text may be redrawn: a person watches, and has not set {@code NO_COLOR}. */
  static boolean canRedraw() {
    return System.getenv("DORMOUSE_TERMINAL") != null && System.getenv("NO_COLOR") == null;
  }
}
