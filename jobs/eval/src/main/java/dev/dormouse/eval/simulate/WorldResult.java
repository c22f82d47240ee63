package dev.dormouse.eval.simulate;

import java.util.List;
import java.util.Map;

/**
 * Result of one world.
 *
 * @param seed reproduces the world
 * @param campaigns number of campaigns
 * @param ticks number of ticks, those that crashed included
 * @param cleanTicks ticks without faults until the world ended
 * @param events number of control events written
 * @param faults number of faults of each kind
 * @param violations violated invariants
 * @param digest hash over all events, to compare two worlds
 */
record WorldResult(
    long seed,
    int campaigns,
    int ticks,
    int cleanTicks,
    long events,
    Map<Chaos.Fault, Long> faults,
    List<String> violations,
    String digest) {
  WorldResult {
    faults = Map.copyOf(faults);
    violations = List.copyOf(violations);
  }
}
