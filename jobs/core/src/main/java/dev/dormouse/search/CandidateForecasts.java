package dev.dormouse.search;

import dev.dormouse.forecast.ArmEncoder;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The forecasts that travel with a plan. An arm that is none of its candidates gets the forecast of
 * the nearest candidate, of the same model variant if there is one.
 */
final class CandidateForecasts implements PriorForecasts {
  private final ArmForecasts forecasts;
  private final Map<Arm, Double> gains = new HashMap<>();
  private final Map<String, List<ArmForecast>> byVariant = new HashMap<>();
  private final Map<Arm, double[]> points = new HashMap<>();
  private final ArmEncoder encoder;

  CandidateForecasts(ArmForecasts forecasts) {
    this.forecasts = forecasts;
    forecasts
        .arms()
        .forEach(
            forecast -> {
              gains.put(forecast.arm(), forecast.gain());
              byVariant
                  .computeIfAbsent(forecast.arm().modelVariant(), v -> new ArrayList<>())
                  .add(forecast);
            });
    this.encoder = ArmEncoder.byRank(forecasts.arms().stream().map(ArmForecast::arm).toList());
  }

  @Override
  public double gain(Arm arm) {
    return gains.computeIfAbsent(arm, this::ofNearest);
  }

  private double ofNearest(Arm arm) {
    double[] at = encoder.encode(arm);
    double nearest = Double.POSITIVE_INFINITY;
    double gain = 0;
    for (ArmForecast candidate : byVariant.getOrDefault(arm.modelVariant(), forecasts.arms())) {
      double distance = distance(at, points.computeIfAbsent(candidate.arm(), encoder::encode));
      if (distance < nearest) {
        nearest = distance;
        gain = candidate.gain();
      }
    }
    return gain;
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
