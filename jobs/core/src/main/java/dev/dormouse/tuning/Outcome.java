package dev.dormouse.tuning;

import dev.dormouse.model.RunStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What became of a hypothesis when validation tried it.
 *
 * @param status how its runs ended; ok if one of them has a result
 * @param gain mean gain over the baseline's mean, metric units, oriented so that higher is better;
 *     empty if no run has a result
 * @param gainSd standard deviation of that gain by seed noise; empty if there is no gain
 * @param runs number of runs that it rests on; 0 if no run has a result
 * @param endedAt when the last of its runs ended
 */
record Outcome(
    RunStatus status, OptionalDouble gain, OptionalDouble gainSd, int runs, Instant endedAt) {
  /** A difference is clear if it exceeds this many standard deviations. */
  static final double CLEAR = 2;

  /** Statuses that are the arm's fault: the others say nothing of it. */
  private static final Set<RunStatus> FAILED =
      Set.of(
          RunStatus.COLLAPSED,
          RunStatus.OOM,
          RunStatus.DIVERGED,
          RunStatus.TIMEOUT,
          RunStatus.FAILED);

  /** What an outcome says of its hypothesis. */
  enum Label {
    /** The gain exceeds its uncertainty. */
    BETTER,
    /** The loss exceeds its uncertainty. */
    WORSE,
    /** The gain is within its uncertainty. */
    UNCLEAR,
    /** The arm cannot be trained. */
    FAILED;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns the label; empty if the runs ended for a reason that is not the arm's. */
  Optional<Label> label() {
    if (gain.isEmpty()) {
      return FAILED.contains(status) ? Optional.of(Label.FAILED) : Optional.empty();
    }
    double clear = CLEAR * gainSd.orElseThrow();
    return Optional.of(
        gain.getAsDouble() > clear
            ? Label.BETTER
            : gain.getAsDouble() < -clear ? Label.WORSE : Label.UNCLEAR);
  }
}
