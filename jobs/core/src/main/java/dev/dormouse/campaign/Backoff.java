package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Attempt;
import java.time.Duration;
import java.time.Instant;

/**
 * Computes the wait before a trial is tried again: exponential backoff with jitter, so that runs
 * that failed together are not repeated together. The jitter is derived from the run's id, so that
 * the same history gives the same decision.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int MOST_DOUBLINGS = 7;
  private static final double LEAST_SHARE = 0.5;

  private Backoff() {}

  /**
   * Returns the earliest instant of the next attempt.
   *
   * @param now if the attempt ended after this, a clock was wrong, and there is no wait
   */
  static Instant until(Attempt ended, Instant now) {
    Instant endedAt = ended.endedAt().orElse(Instant.MIN);
    if (endedAt.isAfter(now)) {
      return now;
    }
    int doublings = Math.min(MOST_DOUBLINGS, ended.key().attempt() - 1);
    long full = Math.min(LONGEST.toMillis(), FIRST.toMillis() << doublings);
    double draw = Math.floorMod(ended.key().runId().hashCode(), 1024) / 1024.0;
    long wait = (long) (full * (LEAST_SHARE + (1 - LEAST_SHARE) * draw));
    return endedAt.plusMillis(wait);
  }
}
