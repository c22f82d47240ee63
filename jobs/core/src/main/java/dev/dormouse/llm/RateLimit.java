package dev.dormouse.llm;

import java.time.Duration;
import java.time.Instant;

/**
 * Limits a rate by spacing (generic cell rate algorithm). Its state is one instant: when all that
 * was sent so far would have been sent at the exact rate. Pure.
 */
final class RateLimit {
  /** Share of the limit that is used: the provider's clock may differ from ours. */
  static final double SHARE = 0.98;

  /** How far ahead of the exact rate requests may be sent. */
  static final Duration TOLERANCE = Duration.ofMillis(250);

  private static final double NANOS_PER_MINUTE = 60e9;

  private final double nanosEach;
  private Instant due = Instant.MIN;

  RateLimit(long perMinute) {
    this.nanosEach = NANOS_PER_MINUTE / (perMinute * SHARE);
  }

  /** Returns how long to wait before anything may be sent; zero if it may be sent now. */
  Duration waitAt(Instant now) {
    Duration ahead =
        due.equals(Instant.MIN) ? Duration.ZERO : Duration.between(now, due).minus(TOLERANCE);
    return ahead.isNegative() ? Duration.ZERO : ahead;
  }

  /** Records an amount that is sent now. */
  void take(long amount, Instant now) {
    due = (due.isBefore(now) ? now : due).plusNanos(Math.round(amount * nanosEach));
  }

  /** Corrects an amount taken before: that many fewer (if negative: more) were sent. */
  void giveBack(long amount) {
    if (!due.equals(Instant.MIN)) {
      due = due.minusNanos(Math.round(amount * nanosEach));
    }
  }
}
