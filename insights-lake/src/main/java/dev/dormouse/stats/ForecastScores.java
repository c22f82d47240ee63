package dev.dormouse.stats;

import java.util.List;

/**
 * How good forecasts were, taken together.
 *
 * @param forecasts how many had an outcome
 * @param gained how many gained
 * @param brier mean squared error of P(gain above 0), a failed run being no gain (Brier,
 *     Verification of forecasts expressed in terms of probability, 1950); 0 is best, 0.25 a coin
 * @param failureBrier the same of P(failure)
 * @param coverage share of measured gains inside the 80% interval; 0.8 is right
 * @param bias mean of measured minus forecast gain
 */
public record ForecastScores(
    long forecasts, long gained, double brier, double failureBrier, double coverage, double bias) {

  /** The scores of these; NaN where there is nothing to score. */
  public static ForecastScores of(List<ForecastOutcome> outcomes) {
    List<ForecastOutcome> measured = outcomes.stream().filter(o -> o.gain().isPresent()).toList();
    return new ForecastScores(
        outcomes.size(),
        outcomes.stream().filter(ForecastScores::gained).count(),
        outcomes.stream()
            .mapToDouble(o -> squared(o.pSuccess() - (gained(o) ? 1 : 0)))
            .average()
            .orElse(Double.NaN),
        outcomes.stream()
            .mapToDouble(o -> squared(o.pFailure() - (o.gain().isEmpty() ? 1 : 0)))
            .average()
            .orElse(Double.NaN),
        measured.stream()
            .mapToDouble(o -> inside(o, o.gain().getAsDouble()) ? 1 : 0)
            .average()
            .orElse(Double.NaN),
        measured.stream()
            .mapToDouble(o -> o.gain().getAsDouble() - o.middle())
            .average()
            .orElse(Double.NaN));
  }

  private static boolean gained(ForecastOutcome outcome) {
    return outcome.gain().isPresent() && outcome.gain().getAsDouble() > 0;
  }

  private static boolean inside(ForecastOutcome outcome, double gain) {
    return gain >= outcome.low() && gain <= outcome.high();
  }

  private static double squared(double number) {
    return number * number;
  }
}
