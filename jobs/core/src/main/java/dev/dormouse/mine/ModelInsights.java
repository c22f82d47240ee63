package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.Samples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/** How model variants rank within studies at equal tuning effort. Pure. */
final class ModelInsights {
  private static final int FEWEST_VARIANTS = 4;
  private static final int FEWEST_STUDIES = 2;

  /** In each study as many tries are compared as this share of its variants had. */
  private static final double COMPARED = 0.75;

  private ModelInsights() {}

  /** A model variant's place in a study: 0 last, 1 first, and how far the next place is. */
  private record Place(Fact fact, double rank, double step) {

    /** Of a number that is rounded to whole steps (Sheppard 1898). */
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
    Map<String, List<Place>> byVariant = new TreeMap<>();
    for (List<Fact> variants : byStudy.values()) {
      for (Place place : places(variants)) {
        byVariant.computeIfAbsent(place.fact().modelVariant(), any -> new ArrayList<>()).add(place);
      }
    }
    return byVariant.entrySet().stream()
        .filter(entry -> entry.getValue().size() >= FEWEST_STUDIES)
        .map(entry -> finding(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static List<Place> places(List<Fact> variants) {
    OptionalInt tries =
        StudyFacts.TRIES.stream()
            .mapToInt(Integer::intValue)
            .filter(n -> had(variants, n) >= Math.max(FEWEST_VARIANTS, COMPARED * variants.size()))
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
    List<Place> places = new ArrayList<>();
    double step = 1.0 / (ordered.size() - 1);
    for (int i = 0; i < ordered.size(); i++) {
      places.add(new Place(ordered.get(i), i * step, step));
    }
    return places;
  }

  private static long had(List<Fact> variants, int tries) {
    return variants.stream().filter(fact -> fact.number("n") >= tries).count();
  }

  private static Finding finding(String variant, List<Place> places) {
    double[] ranks = places.stream().mapToDouble(Place::rank).toArray();
    double rounding = places.stream().mapToDouble(Place::roundingVariance).average().orElseThrow();
    Estimate mean = Samples.meanWithInterval(ranks, rounding);
    double low = Math.max(0, mean.low());
    double high = Math.min(1, mean.high());
    double better = (double) places.stream().filter(p -> p.rank() > 0.5).count() / ranks.length;
    List<Fact> facts = places.stream().map(Place::fact).toList();
    return Finding.of(
            Insight.Kind.MODEL_RANK,
            variant,
            String.format(
                Locale.ROOT,
                "%s ranks %.2f [%.2f, %.2f] (0 last, 1 first) among model variants of %d studies, by the best of equally many configurations",
                variant,
                mean.mean(),
                low,
                high,
                ranks.length))
        .about(List.of(Arm.MODEL), "", variant)
        .measured(
            facts.get(0).metric(),
            new Effect(
                mean.mean(),
                mean.mean(),
                Double.NaN,
                low,
                high,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                better,
                OptionalDouble.empty(),
                ranks.length,
                ranks.length,
                ranks.length,
                better))
        .seenIn(facts);
  }
}
