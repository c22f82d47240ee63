package dev.dormouse.stats;

/**
 * What is known of an effect.
 *
 * @param plain its estimate and 95% interval by its own measurements; of the other effects only the
 *     heterogeneity of those is used that are none on average
 * @param shrunk posterior mean and 95% interval with all effects in view: as large as it is likely
 *     to be, though it was noticed for being large
 * @param newLow lower end of the 95% interval of the effect in a study not seen yet
 * @param newHigh upper end of it
 * @param pPositive probability that it is above 0 in a study not seen yet
 * @param tau standard deviation of true effects between slices
 */
public record PooledEffect(
    Estimate plain, Estimate shrunk, double newLow, double newHigh, double pPositive, double tau) {

  /** The effect in another unit: so many times as large; not negative. */
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
