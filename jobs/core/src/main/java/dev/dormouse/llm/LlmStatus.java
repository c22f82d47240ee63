package dev.dormouse.llm;

import java.util.Locale;

/** How a question to a language model ended. */
public enum LlmStatus {
  /** The first reply satisfied the schema. */
  OK(true),
  /** The reply satisfied the schema after the model was told once what was wrong. */
  REPAIRED(true),
  /** No reply satisfied the schema; it is not asked again. */
  INVALID(true),
  /** Not asked: its worst case would exceed a cap of the call, the campaign or the day. */
  OVER_CAP(false),
  /** The provider refuses the question or the key; nothing was billed. */
  REFUSED(false),
  /** The provider still had too many requests after several attempts; nothing was billed. */
  RATE_LIMITED(false),
  /** The provider has errors or cannot be reached; nothing was billed. */
  UNAVAILABLE(false),
  /** Sent, but no reply came: whether it was billed is unknown, so the worst case stays booked. */
  UNANSWERED(false);

  private final boolean isFinal;

  LlmStatus(boolean isFinal) {
    this.isFinal = isFinal;
  }

  /** Whether the question was answered and is never asked again; else a later batch may. */
  public boolean isFinal() {
    return isFinal;
  }

  /** The name in tables. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The status with this name in tables. */
  public static LlmStatus of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
