package dev.dormouse.search;

import dev.dormouse.model.Arm;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Reads the finished trials of a campaign. */
final class TrialValues {
  private TrialValues() {}

  /** The value of every trial, in order; one without a usable value counts as the worst seen. */
  static double[] values(List<EvaluatedTrial> tried) {
    double worst = tried.stream().flatMapToDouble(trial -> trial.value().stream()).min().orElse(0);
    return tried.stream().mapToDouble(trial -> trial.value().orElse(worst)).toArray();
  }

  /** Mean of the usable values of an arm. */
  static OptionalDouble mean(List<EvaluatedTrial> tried, Arm arm) {
    return tried.stream()
        .filter(trial -> trial.arm().equals(arm))
        .flatMapToDouble(trial -> trial.value().stream())
        .average();
  }

  /** Standard deviation of these values; 0 of none. */
  static double sd(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0));
  }

  /** Number of usable values of an arm. */
  static long count(List<EvaluatedTrial> tried, Arm arm) {
    return tried.stream()
        .filter(trial -> trial.arm().equals(arm) && trial.value().isPresent())
        .count();
  }
}
