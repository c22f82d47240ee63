package dev.dormouse.llm;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Decides whether and when a failed call is retried. Pure. */
final class Retries {
  private static final int MAX_ATTEMPTS = 4;
  private static final int MAX_RATE_LIMITED_ATTEMPTS = 8;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

  private Retries() {}

  /**
   * Returns the delay before the next attempt; empty if there is to be none, as for calls that may
   * have been billed. It is zero at a rate limit: the ledger then holds back all requests.
   *
   * @param attempt the number of attempts so far
   */
  static Optional<Duration> next(LlmStatus status, int attempt) {
    return switch (status) {
      case UNAVAILABLE -> attempt < MAX_ATTEMPTS ? Optional.of(pause(attempt)) : Optional.empty();
      case RATE_LIMITED ->
          attempt < MAX_RATE_LIMITED_ATTEMPTS ? Optional.of(Duration.ZERO) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Returns the pause after an attempt: doubled each time, up to a limit. */
  static Duration pause(int attempt) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 16));
    return pause.compareTo(MAX_PAUSE) < 0 ? pause : MAX_PAUSE;
  }

  /** Returns whether a failure is one of the service as a whole, not of one question. */
  static boolean isOutage(LlmStatus status) {
    return status == LlmStatus.UNAVAILABLE || status == LlmStatus.UNANSWERED;
  }

  /** Parses a {@code Retry-After} header: seconds, or a date. Empty if it is neither. */
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
