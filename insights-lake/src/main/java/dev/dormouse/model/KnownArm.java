package dev.dormouse.model;

import java.util.Optional;

/**
 * An arm that the campaign's study tried before the campaign began.
 *
 * @param arm the arm
 * @param gain its mean gain over the baseline, in metric units; NaN if every run failed
 * @param gainSd standard deviation of that mean: seed noise, the baseline's own uncertainty and the
 *     drift between sweeps
 * @param runs the number of runs with a result; 0 if every run failed
 * @param runId one of the runs, to cite
 */
public record KnownArm(Arm arm, double gain, double gainSd, int runs, String runId) {
  public KnownArm {
    if (runs < 0 || runs > 0 != Double.isFinite(gain)) {
      throw new IllegalArgumentException(
          "The known gain of " + arm + " is " + gain + " after " + runs + " runs with a result");
    }
    if (!(gainSd >= 0 && Double.isFinite(gainSd))) {
      throw new IllegalArgumentException(
          "The standard deviation of the known gain of " + arm + " is " + gainSd);
    }
  }

  /** Returns the gain; empty if every run failed. */
  public Optional<Double> knownGain() {
    return runs == 0 ? Optional.empty() : Optional.of(gain);
  }
}
