package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.model.Arm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Weighs the forecasts of a campaign's trials by how the trials came out. Pure. */
final class ForecastTrust {
  private ForecastTrust() {}

  /**
   * Returns the forecasts of arms that have results, times the share of them that the results bear
   * out: the slope of gains over forecasts, from 0 to 1. Where nothing helps it is close to 0,
   * whatever was forecast.
   *
   * @param gains measured gains by arm
   */
  static Map<Arm, Double> trusted(CampaignState state, Map<Arm, List<Double>> gains) {
    Map<Arm, Double> forecasts = new LinkedHashMap<>();
    state.attempts().values().stream()
        .map(Attempt::trial)
        .filter(trial -> trial.phase().isSearch() && gains.containsKey(trial.arm()))
        .forEach(
            trial ->
                trial
                    .predictedGain()
                    .ifPresent(forecast -> forecasts.putIfAbsent(trial.arm(), forecast)));
    double products = 0;
    double squares = 0;
    for (Map.Entry<Arm, Double> forecast : forecasts.entrySet()) {
      double gain =
          gains.get(forecast.getKey()).stream().mapToDouble(g -> g).average().orElseThrow();
      products += gain * forecast.getValue();
      squares += forecast.getValue() * forecast.getValue();
    }
    double slope = squares == 0 ? 0 : Math.max(0, Math.min(1, products / squares));
    forecasts.replaceAll((arm, forecast) -> slope * forecast);
    return forecasts;
  }
}
