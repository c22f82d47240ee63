package dev.dormouse.stats;

import java.util.OptionalDouble;

/**
 * A forecast of a gain, with its outcome.
 *
 * @param source the source that made it
 * @param low 10% quantile of the gain
 * @param middle the median, or the mean
 * @param high 90% quantile of the gain
 * @param pFailure probability that the run fails
 * @param gain the measured gain; empty if the run failed
 */
public record ForecastOutcome(
    String source, double low, double middle, double high, double pFailure, OptionalDouble gain) {}
