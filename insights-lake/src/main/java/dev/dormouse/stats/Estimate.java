package dev.dormouse.stats;

/**
 * An estimate with its 95% interval.
 *
 * @param mean the estimate
 * @param low lower end of the interval
 * @param high upper end of the interval
 */
public record Estimate(double mean, double low, double high) {

  /** The estimate in another unit: so many times as large; not negative. */
  Estimate times(double factor) {
    return new Estimate(mean * factor, low * factor, high * factor);
  }
}
