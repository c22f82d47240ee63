package dev.dormouse.model;

/**
 * What past runs say of an arm before a campaign tries it.
 *
 * @param arm an arm of the campaign's search space
 * @param gain expected gain over the baseline in a new study, in metric units; from runs of other
 *     studies only
 * @param pFailure probability that a run crashes, diverges or collapses
 * @param costMicros expected cost of one run, in micro-GPU-hours
 */
public record ArmForecast(Arm arm, double gain, double pFailure, long costMicros) {
  public ArmForecast {
    if (!Double.isFinite(gain)) {
      throw new IllegalArgumentException("The forecast gain of " + arm + " is " + gain);
    }
    if (!(pFailure >= 0 && pFailure <= 1)) {
      throw new IllegalArgumentException(
          "The failure probability of " + arm + " is " + pFailure + "; it must be from 0 to 1");
    }
    if (costMicros < 0) {
      throw new IllegalArgumentException(
          "The cost of " + arm + " is " + costMicros + "; it must not be below 0");
    }
  }
}
