package dev.dormouse.model;

import java.util.Locale;
import java.util.Optional;

/** The phases of a campaign, in the order in which they run. */
public enum Phase {
  /** Trains the baseline over several seeds: measures noise and whether it reproduces. */
  BASELINE("b"),
  /** Tries single hypotheses in parallel. */
  VALIDATION("v"),
  /** Combines the promising changes. */
  COMBINATION("c"),
  /** Searches around the best arm with a model. */
  EXPLOITATION("x"),
  /** Compares winner and baseline over fresh seeds, on the test split. */
  CONFIRMATION("f");

  private final String prefix;

  Phase(String prefix) {
    this.prefix = prefix;
  }

  /** The name as stored in the lake, e.g. {@code validation}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the first letter of the ids of this phase's trials. */
  public String prefix() {
    return prefix;
  }

  /** Returns whether it searches for better arms, rather than measure given ones. */
  public boolean isSearch() {
    return this == VALIDATION || this == COMBINATION || this == EXPLOITATION;
  }

  /** Returns the phase after this one; empty after {@link #CONFIRMATION}. */
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
