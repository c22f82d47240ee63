package dev.dormouse.eval.replay;

import java.util.List;

/**
 * Totals of a replay.
 *
 * @param tasks number of tasks
 * @param episodes number of episodes, over all tasks
 * @param evaluations number of lines written
 * @param regret mean normalised regret after each evaluation
 * @param randomRegret the same for a random order of the same pools
 */
public record ReplaySummary(
    int tasks, int episodes, int evaluations, List<Double> regret, List<Double> randomRegret) {
  public ReplaySummary {
    regret = List.copyOf(regret);
    randomRegret = List.copyOf(randomRegret);
  }
}
