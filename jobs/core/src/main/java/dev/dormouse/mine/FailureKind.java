package dev.dormouse.mine;

import java.util.Locale;

/** The ways in which runs fail. */
enum FailureKind {
  /** The run collapsed or diverged. */
  COLLAPSE("collapsed or diverged"),
  /** The run ended without a result. */
  NO_RESULT("came to no result");

  private final String text;

  FailureKind(String text) {
    this.text = text;
  }

  static FailureKind of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }

  /** Returns the name as facts have it, e.g. {@code no_result}. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the name of the failure rate in insights. */
  String rate() {
    return id() + "_rate";
  }

  /** Returns the outcome as statements write it. */
  String text() {
    return text;
  }
}
