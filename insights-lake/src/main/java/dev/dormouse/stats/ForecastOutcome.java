package dev.dormouse.stats;

import java.util.OptionalDouble;

/**
 * A forecast of a gain as it was made, and what came of it.
 *
 * @param source who made it
 * @param low a gain that is exceeded with probability 0.9
 * @param middle the median, or the mean
 * @param high a gain that is exceeded with probability 0.1
 * @param pSuccess probability of a gain above 0
 * @param pFailure probability that the run fails
 * @param gain what was measured; empty if the run failed
 */
public record ForecastOutcome(
    String source,
    double low,
    double middle,
    double high,
    double pSuccess,
    double pFailure,
    OptionalDouble gain) {}
