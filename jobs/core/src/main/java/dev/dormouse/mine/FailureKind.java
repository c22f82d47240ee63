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

  /** The name as facts have it, e.g. {@code no_result}. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name of the failure rate, as insights have it. */
  String rate() {
    return id() + "_rate";
  }

  /** What the runs did, as sentences say it. */
  String text() {
    return text;
  }
}
