package dev.dormouse.config;

import java.util.List;
import java.util.stream.Collectors;

/** A file cannot be used; all that is wrong with it is said at once. */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<Problem> problems;

  public BadInputException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in order of line. */
  public List<Problem> problems() {
    return problems;
  }
}
