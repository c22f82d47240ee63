package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Step;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.Samples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Ranks model variants within studies at equal tuning effort. Pure. */
final class ModelInsights {
  private static final int FEWEST_VARIANTS = 4;
  private static final int FEWEST_STUDIES = 2;

  /** The number of tries that are compared is one that this share of a study's variants had. */
  private static final double COMPARED = 0.75;

  private ModelInsights() {}

  /**
   * A model variant's rank in a study.
   *
   * @param rank 0 last, 1 first
   * @param step the distance to the next rank
   */
  private record RankedFact(Fact fact, double rank, double step) {

    /** Returns the variance of a number due to rounding to whole steps (Sheppard 1898). */
    double roundingVariance() {
      return step * step / 12;
    }
  }

  static List<Finding> of(List<Fact> facts) {
    Map<String, List<Fact>> byStudy = new TreeMap<>();
    for (Fact fact : facts) {
      if (fact.kind() == Kind.MODEL) {
        byStudy.computeIfAbsent(fact.study(), any -> new ArrayList<>()).add(fact);
      }
    }
    Map<String, List<RankedFact>> byVariant = new TreeMap<>();
    for (List<Fact> variants : byStudy.values()) {
      for (RankedFact ranked : ranked(variants)) {
        byVariant
            .computeIfAbsent(ranked.fact().modelVariant(), any -> new ArrayList<>())
            .add(ranked);
      }
    }
    return byVariant.entrySet().stream()
        .filter(entry -> entry.getValue().size() >= FEWEST_STUDIES)
        .map(entry -> finding(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static List<RankedFact> ranked(List<Fact> variants) {
    OptionalInt tries =
        BestFacts.TRIES.stream()
            .mapToInt(Integer::intValue)
            .filter(
                n ->
                    withTries(variants, n) >= Math.max(FEWEST_VARIANTS, COMPARED * variants.size()))
            .max();
    if (tries.isEmpty()) {
      return List.of();
    }
    String best = "best_of_" + tries.getAsInt();
    List<Fact> ordered =
        variants.stream()
            .filter(fact -> fact.number("n") >= tries.getAsInt())
            .sorted(Comparator.comparingDouble(fact -> fact.number(best)))
            .toList();
    List<RankedFact> ranked = new ArrayList<>();
    double step = 1.0 / (ordered.size() - 1);
    for (int i = 0; i < ordered.size(); i++) {
      ranked.add(new RankedFact(ordered.get(i), i * step, step));
    }
    return ranked;
  }

  private static long withTries(List<Fact> variants, int tries) {
    return variants.stream().filter(fact -> fact.number("n") >= tries).count();
  }

  private static Finding finding(String variant, List<RankedFact> ranked) {
    double[] ranks = ranked.stream().mapToDouble(RankedFact::rank).toArray();
    double rounding =
        ranked.stream().mapToDouble(RankedFact::roundingVariance).average().orElseThrow();
    Estimate mean = Samples.meanWithInterval(ranks, rounding);
    double low = Math.max(0, mean.low());
    double high = Math.min(1, mean.high());
    double better = (double) ranked.stream().filter(p -> p.rank() > 0.5).count() / ranks.length;
    List<Fact> facts = ranked.stream().map(RankedFact::fact).toList();
    return Finding.of(
            Insight.Kind.MODEL_RANK,
            variant,
            String.format(
                Locale.ROOT,
                "%s ranks %.2f [%.2f, %.2f] (0 last, 1 first) among model variants of %d studies,"
                    + " by the best of equally many configurations",
                variant,
                mean.mean(),
                low,
                high,
                ranks.length))
        .about(List.of(Arm.MODEL), new Step.Value(variant))
        .measured(
            facts.get(0).metric(),
            Effect.of(mean.mean(), low, high)
                .pGain(better)
                .nPairs(ranks.length)
                .nSlices(ranks.length)
                .nStudies(ranks.length)
                .sharePositive(better)
                .build())
        .seenIn(facts);
  }
}
