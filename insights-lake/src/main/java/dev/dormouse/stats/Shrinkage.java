package dev.dormouse.stats;

import org.apache.commons.statistics.distribution.BetaDistribution;

/** Estimates that are shrunk towards a prior. */
public final class Shrinkage {
  private Shrinkage() {}

  /**
   * Returns a rate under a beta prior (beta-binomial model), with its 95% credible interval.
   *
   * @param hits number of events
   * @param trials chances for an event
   * @param priorRate rate to shrink towards, between 0 and 1
   * @param priorWeight how many trials the prior counts for, above 0
   */
  public static Estimate rate(long hits, long trials, double priorRate, double priorWeight) {
    double bounded = Math.min(1 - 1e-6, Math.max(1e-6, priorRate));
    BetaDistribution posterior =
        BetaDistribution.of(
            bounded * priorWeight + hits, (1 - bounded) * priorWeight + trials - hits);
    return new Estimate(
        posterior.getMean(),
        posterior.inverseCumulativeProbability(0.025),
        posterior.inverseCumulativeProbability(0.975));
  }

  /**
   * Shrinks a measured effect towards zero by its reliability (empirical Bayes, Efron and Morris
   * 1973), which corrects the effect of a winner for having been selected.
   *
   * @param effect measured effect
   * @param samplingVariance variance of the measurement
   * @param priorVariance variance of true effects among the candidates
   */
  public static double effect(double effect, double samplingVariance, double priorVariance) {
    return priorVariance <= 0 ? 0 : effect * priorVariance / (priorVariance + samplingVariance);
  }
}
