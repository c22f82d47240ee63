package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.stats.RandomEffects;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Measures how well an early evaluation predicts the final rank of a run. Pure. */
final class EarlySignalInsights {
  private static final long FEWEST_RUNS = 20;

  private EarlySignalInsights() {}

  /**
   * Returns one finding for each study and evaluation, and one for each evaluation over all studies
   * of a metric; only evaluations 0, 1, 2, 4, 8 and so on are used.
   */
  static List<Finding> of(List<Fact> facts) {
    List<Fact> curves =
        facts.stream()
            .filter(fact -> fact.kind() == Kind.CURVE && Integer.bitCount(evaluation(fact)) <= 1)
            .sorted(
                Comparator.comparing(Fact::study).thenComparing(EarlySignalInsights::evaluation))
            .toList();
    Map<String, List<Fact>> byEvaluation = new TreeMap<>();
    List<Finding> findings = new ArrayList<>();
    for (Fact fact : curves) {
      byEvaluation
          .computeIfAbsent(
              String.format(Locale.ROOT, "%s|%06d", fact.metric(), evaluation(fact)),
              any -> new ArrayList<>())
          .add(fact);
      if (fact.count("n") >= FEWEST_RUNS) {
        findings.add(finding(fact.study(), Map.of("study", fact.study()), List.of(fact)));
      }
    }
    byEvaluation.values().stream()
        .filter(same -> same.size() > 1)
        .forEach(same -> findings.add(finding("all studies", Map.of(), same)));
    return findings;
  }

  private static int evaluation(Fact fact) {
    return Integer.parseInt(fact.to().get(0));
  }

  /**
   * Pools correlations on Fisher's scale (Fisher 1921; variance for ranks by Bonett and Wright
   * 2000).
   */
  private static Finding finding(String of, Map<String, String> where, List<Fact> same) {
    double[] z = same.stream().mapToDouble(fact -> atanh(fact.number("correlation"))).toArray();
    double[] variances =
        same.stream()
            .mapToDouble(
                fact -> (1 + Math.pow(fact.number("correlation"), 2) / 2) / (fact.number("n") - 3))
            .toArray();
    RandomEffects pooled =
        same.size() == 1
            ? RandomEffects.single(z[0], variances[0], Double.POSITIVE_INFINITY)
            : RandomEffects.pool(z, variances);
    double mean = Math.tanh(pooled.mean().mean());
    double low = Math.tanh(pooled.mean().low());
    double high = Math.tanh(pooled.mean().high());
    long runs = same.stream().mapToLong(fact -> fact.count("n")).sum();
    Fact any = same.get(0);
    TreeMap<String, String> conditions = new TreeMap<>(where);
    conditions.put("evaluation", any.to().get(0));
    return Finding.of(
            Insight.Kind.EARLY_SIGNAL,
            String.join("|", of, any.metric(), any.to().get(0)),
            String.format(
                Locale.ROOT,
                "%s: after evaluation %s the order of runs agrees with the final one by rank"
                    + " correlation %.2f [%.2f, %.2f] (%d runs with curves, %d studies)",
                of,
                any.to().get(0),
                mean,
                low,
                high,
                runs,
                same.size()))
        .where(conditions)
        .measured(
            any.metric(),
            Effect.of(mean, low, high)
                .predictionLow(tanh(pooled.predictionLow()))
                .predictionHigh(tanh(pooled.predictionHigh()))
                .pGain(pooled.pPositive())
                .nPairs(runs)
                .nSlices(same.size())
                .nStudies(same.stream().map(Fact::study).distinct().count())
                .build())
        .seenIn(same);
  }

  private static double atanh(double r) {
    double bounded = Math.max(-0.999, Math.min(0.999, r));
    return 0.5 * Math.log((1 + bounded) / (1 - bounded));
  }

  private static OptionalDouble tanh(OptionalDouble z) {
    return z.isPresent() ? OptionalDouble.of(Math.tanh(z.getAsDouble())) : OptionalDouble.empty();
  }
}
