package dev.dormouse.forecast;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How good model variants are, compared within studies: the mean rank of a variant in a study is
 * the variant's effect less the mean level of the study, since in a study of strong models even a
 * good one ranks in the middle. Ridge regression with an effect of each study, solved by
 * alternation.
 */
final class VariantEffects {
  /** Shrinks the effect of a variant that few studies tried, in studies. */
  private static final double SHRINKAGE = 1;

  private static final int ROUNDS = 50;

  private final Map<String, Double> effects = new HashMap<>();
  private final List<Double> levels = new ArrayList<>();

  /** Learns from studies. */
  VariantEffects(List<RankedStudy> studies) {
    List<Map<String, Double>> means = studies.stream().map(VariantEffects::meanRanks).toList();
    Map<String, Integer> counts = new TreeMap<>();
    means.forEach(ofStudy -> ofStudy.keySet().forEach(v -> counts.merge(v, 1, Integer::sum)));
    studies.forEach(study -> levels.add(0.0));
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, Double> sums = new HashMap<>();
      for (int s = 0; s < means.size(); s++) {
        double level = levels.get(s);
        means.get(s).forEach((variant, mean) -> sums.merge(variant, mean + level, Double::sum));
      }
      counts.forEach((variant, n) -> effects.put(variant, sums.get(variant) / (n + SHRINKAGE)));
      for (int s = 0; s < means.size(); s++) {
        levels.set(
            s,
            means.get(s).entrySet().stream()
                .mapToDouble(mean -> effects.get(mean.getKey()) - mean.getValue())
                .average()
                .orElse(0));
      }
    }
  }

  private static Map<String, Double> meanRanks(RankedStudy study) {
    Map<String, List<Double>> ranks = new TreeMap<>();
    for (int i = 0; i < study.size(); i++) {
      ranks
          .computeIfAbsent(study.arms().get(i).modelVariant(), v -> new ArrayList<>())
          .add(study.ranks().get(i));
    }
    Map<String, Double> means = new TreeMap<>();
    ranks.forEach(
        (variant, values) ->
            means.put(variant, values.stream().mapToDouble(r -> r).average().orElse(0)));
    return means;
  }

  /** Returns the effect of a variant, in ranks; 0 if no study tried it. */
  double of(String variant) {
    return effects.getOrDefault(variant, 0.0);
  }

  /** Returns the level of a study, in ranks: how much better its variants are than others. */
  double level(int study) {
    return levels.get(study);
  }
}
