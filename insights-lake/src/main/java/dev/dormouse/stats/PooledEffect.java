package dev.dormouse.stats;

/**
 * The estimate of an effect.
 *
 * @param plain estimate and 95% interval by its own measurements; other effects only contribute the
 *     heterogeneity of those that are zero on average
 * @param shrunk posterior mean and 95% interval, corrected for selection: the effect may have been
 *     noticed because it is large
 * @param newLow lower end of the 95% interval of the effect in a new study
 * @param newHigh upper end of it
 * @param pPositive probability that it is above 0 in a new study
 * @param tau standard deviation of true effects between slices
 */
public record PooledEffect(
    Estimate plain, Estimate shrunk, double newLow, double newHigh, double pPositive, double tau) {

  /** Returns the effect in another unit, multiplied by a factor above 0. */
  public PooledEffect times(double factor) {
    return new PooledEffect(
        plain.times(factor),
        shrunk.times(factor),
        newLow * factor,
        newHigh * factor,
        pPositive,
        tau * factor);
  }
}
