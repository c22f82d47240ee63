package dev.dormouse.llm;

import java.util.Locale;

/** The status of a question to a language model. */
public enum LlmStatus {
  /** The first reply satisfied the schema. */
  OK(true),
  /** The reply satisfied the schema after one repair request. */
  REPAIRED(true),
  /** No reply satisfied the schema; it is not asked again. */
  INVALID(true),
  /** Not asked: its worst case would exceed a cap of the call, the campaign or the day. */
  OVER_CAP(false),
  /** The provider rejects the question or the key; nothing was billed. */
  REFUSED(false),
  /** The provider still had too many requests after several attempts; nothing was billed. */
  RATE_LIMITED(false),
  /** The provider fails or cannot be reached; nothing was billed. */
  UNAVAILABLE(false),
  /** Sent, but no reply came: whether it was billed is unknown, so the worst case stays booked. */
  UNANSWERED(false);

  private final boolean isFinal;

  LlmStatus(boolean isFinal) {
    this.isFinal = isFinal;
  }

  /** Returns whether the question is never asked again; otherwise a later batch may ask it. */
  public boolean isFinal() {
    return isFinal;
  }

  /** Returns the name in tables. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the status with this name in tables. */
  public static LlmStatus of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
