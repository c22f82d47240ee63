package dev.dormouse.search;

import dev.dormouse.forecast.ArmEncoder;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The forecasts that travel with a plan. An arm that is none of its candidates gets the forecast of
 * the nearest candidate, of the same model variant if there is one.
 */
final class CandidateForecasts implements PriorForecasts {
  private final ArmForecasts forecasts;
  private final Map<Arm, ArmForecast> nearest = new HashMap<>();
  private final Map<String, List<ArmForecast>> byVariant = new HashMap<>();
  private final Map<Arm, double[]> points = new HashMap<>();
  private final ArmEncoder encoder;

  CandidateForecasts(ArmForecasts forecasts) {
    this.forecasts = forecasts;
    forecasts
        .arms()
        .forEach(
            forecast -> {
              nearest.put(forecast.arm(), forecast);
              byVariant
                  .computeIfAbsent(forecast.arm().modelVariant(), v -> new ArrayList<>())
                  .add(forecast);
            });
    this.encoder = ArmEncoder.byRank(forecasts.arms().stream().map(ArmForecast::arm).toList());
  }

  @Override
  public double gain(Arm arm) {
    return of(arm).map(ArmForecast::gain).orElse(0.0);
  }

  /** Returns the forecast of an arm or, where it has none, of the candidate next to it. */
  Optional<ArmForecast> of(Arm arm) {
    return Optional.ofNullable(nearest.computeIfAbsent(arm, this::ofNearest));
  }

  private ArmForecast ofNearest(Arm arm) {
    double[] at = encoder.encode(arm);
    return byVariant.getOrDefault(arm.modelVariant(), forecasts.arms()).stream()
        .min(
            Comparator.comparingDouble(
                candidate ->
                    distance(at, points.computeIfAbsent(candidate.arm(), encoder::encode))))
        .orElse(null);
  }

  private static double distance(double[] a, double[] b) {
    double squared = 0;
    for (int i = 0; i < a.length; i++) {
      squared += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return squared;
  }

  @Override
  public double spread() {
    return forecasts.spread();
  }

  @Override
  public double agreement() {
    return forecasts.agreement();
  }
}
