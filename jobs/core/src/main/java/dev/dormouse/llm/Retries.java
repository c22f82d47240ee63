package dev.dormouse.llm;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** What follows from a call that failed: again or not, when, and whose fault it was. Pure. */
final class Retries {
  private static final int ATTEMPTS = 4;
  private static final int ATTEMPTS_AT_LIMIT = 8;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private Retries() {}

  /**
   * How long to wait before the next attempt; empty if there is to be none. What may have been
   * billed is not sent again.
   *
   * @param attempt how many there were
   */
  static Optional<Duration> next(LlmStatus status, int attempt) {
    int most =
        switch (status) {
          case UNAVAILABLE -> ATTEMPTS;
          case RATE_LIMITED -> ATTEMPTS_AT_LIMIT;
          default -> 0;
        };
    return attempt < most ? Optional.of(pause(attempt)) : Optional.empty();
  }

  /** Twice as long after each attempt. */
  static Duration pause(int attempt) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 16));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** Whether a failure speaks against the service as a whole, not against one question. */
  static boolean isOutage(LlmStatus status) {
    return status == LlmStatus.UNAVAILABLE || status == LlmStatus.UNANSWERED;
  }

  /** The instant that a {@code Retry-After} header means: seconds, or a date. */
  static Optional<Instant> until(String retryAfter, Instant now) {
    String text = retryAfter.strip();
    if (text.matches("\\d{1,9}(\\.\\d{1,6})?")) {
      return Optional.of(now.plusMillis((long) Math.ceil(Double.parseDouble(text) * 1_000)));
    }
    try {
      Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(until.isBefore(now) ? now : until);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
