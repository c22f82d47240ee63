package dev.dormouse.eval.simulate;

import java.util.List;
import java.util.Map;

/**
 * What happened in one world.
 *
 * @param seed all that it takes to see it again
 * @param campaigns how many campaigns it had
 * @param ticks ticks that ran, also those that died
 * @param cleanTicks ticks that it took to come to an end once nothing went wrong any more
 * @param events control events written
 * @param faults how often what went wrong
 * @param violations what should not have been
 * @param digest over all events, to tell whether two worlds were the same
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
