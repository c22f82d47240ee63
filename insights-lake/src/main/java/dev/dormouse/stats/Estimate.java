package dev.dormouse.stats;

/**
 * An estimate with its 95% interval.
 *
 * @param mean the estimate
 * @param low lower end of the interval
 * @param high upper end of the interval
 */
public record Estimate(double mean, double low, double high) {

  /** Returns the estimate in another unit, multiplied by a factor above 0. */
  Estimate times(double factor) {
    return new Estimate(mean * factor, low * factor, high * factor);
  }
}
