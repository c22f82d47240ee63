package dev.dormouse.model;

import java.util.Locale;

/** The source of a hypothesis. Its track record decides how many trials its proposals get. */
public enum Source {
  HISTORY,
  RESEARCH,
  LLM,
  COMBINATION,
  SURROGATE,
  /** The runbook, which amends an arm that failed. */
  RUNBOOK,
  HUMAN;

  /** The name as stored in the lake, e.g. {@code history}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
