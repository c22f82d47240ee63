package dev.dormouse.eval.simulate;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** What goes wrong, when, and how often it did. All chance of a world comes from here. */
final class Chaos {
  /** Ways to go wrong. */
  enum Fault {
    CRASH,
    LOST_COMMIT_REPLY,
    FULL_DISK,
    DAMAGED_CACHE,
    REFUSED_LAUNCH,
    LOST_LAUNCH_REPLY,
    LATE_POST,
    DUPLICATE_POST,
    NO_ANSWER,
    PUBLISH_FAILED,
    LOST_PUBLISH_REPLY,
    OUTAGE,
    CLOCK_SKEW,
    TWO_TICKS,
    POISON,
    DELETED_RUN,
    STALE_APPROVAL;

    /** The name as shown, e.g. {@code late_post}. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Random random;
  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
  private boolean on = true;

  Chaos(long seed) {
    this.random = new Random(seed);
  }

  /** From now on nothing goes wrong any more. */
  void end() {
    on = false;
  }

  boolean isOn() {
    return on;
  }

  /** Whether a fault happens here; if so, it is counted. */
  boolean strikes(Fault fault, double probability) {
    if (!on || random.nextDouble() >= probability) {
      return false;
    }
    count(fault);
    return true;
  }

  void count(Fault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  /** Chance that is no fault: how long, how many, which. */
  Random random() {
    return random;
  }

  Map<Fault, Long> counts() {
    return counts;
  }
}
