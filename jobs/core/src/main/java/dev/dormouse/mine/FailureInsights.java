package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Step;
import dev.dormouse.stats.BetaBinomial;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.FalseDiscovery;
import dev.dormouse.stats.Shrinkage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds values and combinations of values with which runs fail more often than expected. Pure. */
final class FailureInsights {
  /** Least number of runs that the expected failure rate counts for. */
  private static final double LEAST_WEIGHT = 2;

  /** Largest such number, used if the failure rates of values do not differ. */
  private static final double MOST_WEIGHT = 200;

  private FailureInsights() {}

  /** A set of values with its counts over all studies. */
  private record ItemSet(
      FailureKind outcome,
      SortedMap<String, String> values,
      List<Fact> facts,
      long failed,
      long runs,
      double expected) {

    double baseRate() {
      return Math.min(1 - 1e-6, Math.max(1e-6, expected / runs));
    }

    boolean isPartOf(ItemSet other) {
      return outcome == other.outcome
          && values.size() < other.values.size()
          && other.values.entrySet().containsAll(values.entrySet());
    }
  }

  /** A set with its failure rate after shrinkage. */
  private record Rated(ItemSet set, Estimate rate, double qValue) {}

  static List<Finding> of(List<Fact> facts) {
    Map<String, List<Fact>> bySet = new TreeMap<>();
    for (Fact fact : facts) {
      if (fact.kind() == Kind.FAILURE) {
        bySet.computeIfAbsent(fact.metric() + values(fact), any -> new ArrayList<>()).add(fact);
      }
    }
    List<ItemSet> sets = bySet.values().stream().map(FailureInsights::pooled).toList();
    double weight = weight(sets);
    double[] qValues =
        FalseDiscovery.qValues(
            sets.stream()
                .mapToDouble(
                    set -> BetaBinomial.atLeast(set.failed(), set.runs(), set.baseRate(), weight))
                .toArray());
    List<Rated> rated = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      ItemSet set = sets.get(i);
      rated.add(
          new Rated(
              set, Shrinkage.rate(set.failed(), set.runs(), set.baseRate(), weight), qValues[i]));
    }
    return rated.stream()
        .filter(r -> r.qValue() < Pooling.REPORTED_AT && r.rate().low() > r.set().baseRate())
        .filter(r -> failsMoreThanItsParts(r, rated))
        .map(FailureInsights::finding)
        .toList();
  }

  private static SortedMap<String, String> values(Fact fact) {
    TreeMap<String, String> values = new TreeMap<>();
    for (int i = 0; i < fact.parameters().size(); i++) {
      values.put(fact.parameters().get(i), fact.to().get(i));
    }
    return values;
  }

  private static ItemSet pooled(List<Fact> facts) {
    return new ItemSet(
        FailureKind.of(facts.get(0).metric()),
        values(facts.get(0)),
        facts,
        facts.stream().mapToLong(fact -> fact.count("failed")).sum(),
        facts.stream().mapToLong(fact -> fact.count("n")).sum(),
        facts.stream().mapToDouble(fact -> fact.number("expected")).sum());
  }

  /**
   * Estimates how similar the failure rates of values are, by moments of the beta-binomial
   * distribution (Kleinman 1973), from sets of one value: the number of runs that the expected rate
   * counts for.
   */
  private static double weight(Collection<ItemSet> sets) {
    double excess = 0;
    double pairs = 0;
    for (ItemSet set : sets) {
      if (set.values().size() == 1) {
        double n = set.runs();
        double binomial = set.baseRate() * (1 - set.baseRate());
        excess += Math.pow(set.failed() - set.expected(), 2) - n * binomial;
        pairs += n * (n - 1) * binomial;
      }
    }
    double correlation = pairs > 0 ? excess / pairs : 0;
    return correlation <= 0
        ? MOST_WEIGHT
        : Math.max(LEAST_WEIGHT, Math.min(MOST_WEIGHT, 1 / correlation - 1));
  }

  /** Returns whether the set clearly fails more often than each part of it. */
  private static boolean failsMoreThanItsParts(Rated rated, List<Rated> all) {
    return all.stream()
        .filter(part -> part.set().isPartOf(rated.set()))
        .allMatch(
            part ->
                part.rate().mean() < rated.rate().low() && part.set().failed() < part.set().runs());
  }

  private static Finding finding(Rated rated) {
    ItemSet set = rated.set();
    List<String> words = new ArrayList<>();
    set.values().forEach((name, value) -> words.add(name + " = " + value));
    boolean single = set.values().size() == 1;
    TreeSet<String> variants = new TreeSet<>();
    set.facts().forEach(fact -> variants.add(fact.modelVariant()));
    variants.remove("");
    String where =
        variants.isEmpty() || set.values().containsKey(Arm.MODEL)
            ? ""
            : " (" + String.join(", ", variants) + ")";
    return Finding.of(
            Insight.Kind.FAILURE,
            set.outcome().id() + set.values(),
            String.format(
                Locale.ROOT,
                "%s%s: %d of %d runs %s; rate %.2f [%.2f, %.2f] after shrinkage, %.1f times what"
                    + " their studies and models have",
                String.join(" and ", words),
                where,
                set.failed(),
                set.runs(),
                set.outcome().text(),
                rated.rate().mean(),
                rated.rate().low(),
                rated.rate().high(),
                rated.rate().mean() / set.baseRate()))
        .about(
            List.copyOf(set.values().keySet()),
            single ? new Step.Value(set.values().get(set.values().firstKey())) : new Step.None())
        .where(single ? Map.of() : set.values())
        .measured(
            set.outcome().rate(),
            Effect.of(rated.rate().mean(), rated.rate().low(), rated.rate().high())
                .plain((double) set.failed() / set.runs())
                .expected(rated.rate().mean())
                .qValue(OptionalDouble.of(rated.qValue()))
                .nPairs(set.runs())
                .nSlices(set.facts().size())
                .nStudies(set.facts().stream().map(Fact::study).distinct().count())
                .build())
        .seenIn(set.facts());
  }
}
