package dev.dormouse.eval.simulate;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Injects faults into a simulated world and counts them; source of all its randomness. */
final class Chaos {
  /** Kinds of fault. */
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

    /** Returns the name as shown, e.g. {@code late_post}. */
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

  /** Stops all faults from now on. */
  void end() {
    on = false;
  }

  boolean isOn() {
    return on;
  }

  /** Decides whether a fault occurs here; if so, counts it. */
  boolean occurs(Fault fault, double probability) {
    if (!on || random.nextDouble() >= probability) {
      return false;
    }
    count(fault);
    return true;
  }

  void count(Fault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  /** Returns the generator for random choices that are no faults: durations, numbers, members. */
  Random random() {
    return random;
  }

  Map<Fault, Long> counts() {
    return counts;
  }
}
