package dev.dormouse.search;

import dev.dormouse.model.Arm;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Summarizes the values of a campaign's finished trials. */
final class TrialValues {
  private TrialValues() {}

  /**
   * Returns the value of every trial, in order. One that was stopped early counts as what it would
   * probably have ended with, a failed one as the worst value seen.
   */
  static double[] values(List<EvaluatedTrial> tried) {
    double worst = tried.stream().flatMapToDouble(trial -> trial.value().stream()).min().orElse(0);
    return tried.stream()
        .mapToDouble(trial -> trial.value().orElse(trial.expected().orElse(worst)))
        .toArray();
  }

  /** Returns the mean of an arm's values; empty if it has none. */
  static OptionalDouble mean(List<EvaluatedTrial> tried, Arm arm) {
    return tried.stream()
        .filter(trial -> trial.arm().equals(arm))
        .flatMapToDouble(trial -> trial.value().stream())
        .average();
  }

  /**
   * Returns the population standard deviation; 0 of no values. Not by commons-statistics, which
   * differs in the last bit: decisions of recorded campaigns are replayed and compared bit by bit.
   */
  static double sd(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0));
  }

  /** Returns the number of an arm's values. */
  static long count(List<EvaluatedTrial> tried, Arm arm) {
    return tried.stream()
        .filter(trial -> trial.arm().equals(arm) && trial.value().isPresent())
        .count();
  }
}
