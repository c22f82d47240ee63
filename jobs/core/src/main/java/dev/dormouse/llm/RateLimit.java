package dev.dormouse.llm;

import java.time.Duration;
import java.time.Instant;

/**
 * A rate that is kept by spacing (the generic cell rate algorithm): the state is one instant, at
 * which all that was sent so far would have been sent at the exact rate. Pure.
 */
final class Pace {
  /** What we allow ourselves of a limit, so that our clock and theirs may differ. */
  static final double SHARE = 0.98;

  /** How much may be sent ahead of time. */
  static final Duration TOLERANCE = Duration.ofMillis(250);

  private static final double NANOS_PER_MINUTE = 60e9;

  private final double nanosEach;
  private Instant due = Instant.MIN;

  /** So many a minute. */
  Pace(long perMinute) {
    this.nanosEach = NANOS_PER_MINUTE / (perMinute * SHARE);
  }

  /** How long to wait before anything may be sent. */
  Duration waitAt(Instant now) {
    Duration ahead =
        due.equals(Instant.MIN) ? Duration.ZERO : Duration.between(now, due).minus(TOLERANCE);
    return ahead.isNegative() ? Duration.ZERO : ahead;
  }

  /** So many were sent. */
  void take(long amount, Instant now) {
    due = (due.isBefore(now) ? now : due).plusNanos(Math.round(amount * nanosEach));
  }

  /** So many fewer (if negative: more) were sent than had been taken. */
  void giveBack(long amount) {
    if (!due.equals(Instant.MIN)) {
      due = due.minusNanos(Math.round(amount * nanosEach));
    }
  }
}
