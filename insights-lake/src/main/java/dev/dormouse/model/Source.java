package dev.dormouse.model;

import java.util.Locale;

/** Who proposed a hypothesis. Each source has a track record and is paid attention accordingly. */
public enum Source {
  HISTORY,
  RESEARCH,
  LLM,
  COMBINATION,
  SURROGATE,
  /** The runbook's mended version of an arm that failed. */
  RUNBOOK,
  HUMAN;

  /** The name as stored in the lake, e.g. {@code history}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
