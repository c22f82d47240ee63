package dev.dormouse.stats;

import java.util.List;

/**
 * Corrects the forecasts of a source by the outcomes of its earlier ones: gains are shrunk by a
 * slope (regression through the origin with a prior), intervals are widened by how far outcomes lay
 * outside, probabilities of failure are moved towards the observed rate.
 *
 * @param slope share of a forecast gain to expect, from 0 to 1
 * @param widening factor for a forecast standard deviation, at least 1
 * @param failures observed failures plus those of the prior
 * @param runs observed runs plus those of the prior
 */
public record Recalibration(double slope, double widening, double failures, double runs) {
  /**
   * Without outcomes a quarter of a forecast gain is expected; the prior counts for four outcomes.
   */
  private static final double PRIOR_SLOPE = 0.25;

  private static final double PRIOR_OUTCOMES = 4;
  private static final double PRIOR_WIDENING = 2;
  private static final double PRIOR_FAILURE_RATE = 0.05;

  /** The 90% quantile of a standard normal distribution. */
  private static final double Z90 = 1.2815515655446004;

  /** A corrected forecast. */
  public record Forecast(double gain, double sd, double pFailure) {}

  /**
   * Fits the correction to outcomes.
   *
   * @param noise seed noise, in the units of the gains, above 0
   */
  public static Recalibration learn(List<ForecastOutcome> outcomes, double noise) {
    double forecast = PRIOR_OUTCOMES * noise * noise;
    double met = PRIOR_SLOPE * forecast;
    double failures = PRIOR_OUTCOMES * PRIOR_FAILURE_RATE;
    for (ForecastOutcome outcome : outcomes) {
      failures += outcome.gain().isEmpty() ? 1 : 0;
      if (outcome.gain().isPresent()) {
        forecast += outcome.middle() * outcome.middle();
        met += outcome.middle() * outcome.gain().getAsDouble();
      }
    }
    double slope = Math.min(1, Math.max(0, met / forecast));
    double squares = PRIOR_OUTCOMES * PRIOR_WIDENING * PRIOR_WIDENING;
    double measured = PRIOR_OUTCOMES;
    for (ForecastOutcome outcome : outcomes) {
      if (outcome.gain().isPresent()) {
        double miss = outcome.gain().getAsDouble() - slope * outcome.middle();
        double sd = sd(outcome.low(), outcome.high(), noise);
        squares += miss * miss / (sd * sd);
        measured++;
      }
    }
    return new Recalibration(
        slope,
        Math.max(1, Math.sqrt(squares / measured)),
        failures,
        PRIOR_OUTCOMES + outcomes.size());
  }

  /** Returns the corrected forecast. */
  public Forecast of(double low, double middle, double high, double pFailure, double noise) {
    double rate = failures / runs;
    double trust = 1 - PRIOR_OUTCOMES / runs;
    return new Forecast(
        slope * middle,
        widening * sd(low, high, noise),
        Math.max(rate, trust * pFailure + (1 - trust) * rate));
  }

  private static double sd(double low, double high, double noise) {
    return Math.max(noise, (high - low) / (2 * Z90));
  }
}
