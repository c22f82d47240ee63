package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import java.util.Collection;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The mean forecast of each model variant. */
final class VariantMeans {
  private final Map<String, Double> means;
  private final double overall;

  private VariantMeans(Map<String, Double> means, double overall) {
    this.means = means;
    this.overall = overall;
  }

  /** Averages the forecasts of arms by their variant. */
  static VariantMeans over(Collection<Arm> arms, ToDoubleFunction<Arm> forecast) {
    return new VariantMeans(
        arms.stream()
            .collect(
                Collectors.groupingBy(Arm::modelVariant, Collectors.averagingDouble(forecast))),
        arms.stream().mapToDouble(forecast).average().orElse(0));
  }

  /** Returns the mean of an arm's variant; of all arms if none has the variant. */
  double of(Arm arm) {
    return means.getOrDefault(arm.modelVariant(), overall);
  }

  /** Returns the mean of all arms. */
  double overall() {
    return overall;
  }
}
