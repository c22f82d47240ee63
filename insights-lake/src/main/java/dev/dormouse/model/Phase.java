package dev.dormouse.model;

import java.util.Locale;
import java.util.Optional;

/** The phases of a campaign, in the order in which they run. */
public enum Phase {
  /** The control arm over several seeds: what is the noise, and does the baseline reproduce? */
  BASELINE("b"),
  /** Single hypotheses, in parallel. */
  VALIDATION("v"),
  /** What stacks: the promising changes together. */
  COMBINATION("c"),
  /** Model-based search around the best arm. */
  EXPLOITATION("x"),
  /** Winner against baseline over fresh seeds, on the test split. */
  CONFIRMATION("f");

  private final String prefix;

  Phase(String prefix) {
    this.prefix = prefix;
  }

  /** The name as stored in the lake, e.g. {@code validation}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The letter with which the ids of this phase's trials begin. */
  public String prefix() {
    return prefix;
  }

  /** Whether it looks for better arms, rather than to measure given ones. */
  public boolean isSearch() {
    return this == VALIDATION || this == COMBINATION || this == EXPLOITATION;
  }

  /** The phase after this one; empty after {@link #CONFIRMATION}. */
  public Optional<Phase> next() {
    return switch (this) {
      case BASELINE -> Optional.of(VALIDATION);
      case VALIDATION -> Optional.of(COMBINATION);
      case COMBINATION -> Optional.of(EXPLOITATION);
      case EXPLOITATION -> Optional.of(CONFIRMATION);
      case CONFIRMATION -> Optional.empty();
    };
  }
}
