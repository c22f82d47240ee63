package dev.dormouse.config;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown if a file cannot be used; holds all problems of the file. */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<Problem> problems;

  public BadInputException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Returns the problems, in order of line. */
  public List<Problem> problems() {
    return problems;
  }
}
