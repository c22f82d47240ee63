package dev.dormouse.eval.live;

import java.util.Map;

/**
 * Splits a number of trainings into phases: one of the baseline, 30% of the rest for validation,
 * 15% for combination, the remainder for exploitation, none for confirmation.
 */
final class TrialSplit {
  private static final double VALIDATION = 0.3;
  private static final double COMBINATION = 0.15;

  private TrialSplit() {}

  /**
   * Returns the trials of each phase, as a campaign file states them.
   *
   * @param budget all trainings, the baseline's included
   */
  static Map<String, Integer> of(int budget) {
    int search = budget - 1;
    int validation = (int) Math.round(VALIDATION * search);
    int combination = (int) Math.round(COMBINATION * search);
    return Map.of(
        "baseline",
        1,
        "validation",
        validation,
        "combination",
        combination,
        "exploitation",
        search - validation - combination,
        "confirmation",
        0);
  }
}
