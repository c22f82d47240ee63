package dev.dormouse.mine;

import dev.dormouse.mine.Pooling.TestResult;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.stats.RandomEffects;
import dev.dormouse.stats.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Estimates by what ratio steps change the cost of a run. Pure. */
final class CostInsights {
  /** Ratios closer to 1 do not matter to a plan. */
  private static final double REPORTED_RATIO = 1.15;

  /** Least variance of the logarithm of a single run's cost, which is a rough figure. */
  private static final double SMALLEST_VARIANCE = 0.01;

  private CostInsights() {}

  static List<Finding> of(List<TestResult> steps) {
    List<Finding> findings = new ArrayList<>();
    steps.forEach(step -> finding(step.tested().slices()).ifPresent(findings::add));
    return findings;
  }

  private static Optional<Finding> finding(List<Fact> slices) {
    List<Fact> known = slices.stream().filter(slice -> slice.has("log_cost_ratio")).toList();
    if (known.size() < 2) {
      return Optional.empty();
    }
    double[] ratios = known.stream().mapToDouble(s -> s.number("log_cost_ratio")).toArray();
    double spread = Math.max(SMALLEST_VARIANCE, Samples.variance(ratios));
    double[] variances = new double[ratios.length];
    Arrays.setAll(variances, i -> spread / known.get(i).number("n_pairs"));
    RandomEffects pooled = RandomEffects.pool(ratios, variances);
    double ratio = Math.exp(pooled.mean().mean());
    double low = Math.exp(pooled.mean().low());
    double high = Math.exp(pooled.mean().high());
    if (Math.max(ratio, 1 / ratio) < REPORTED_RATIO || (low <= 1 && high >= 1)) {
      return Optional.empty();
    }
    Fact any = known.get(0);
    long pairs = known.stream().mapToLong(slice -> slice.count("n_pairs")).sum();
    long moreExpensive = Arrays.stream(ratios).filter(r -> r > 0).count();
    return Optional.of(
        Finding.of(
                Insight.Kind.COST,
                EffectInsights.identity(any),
                String.format(
                    Locale.ROOT,
                    "%s: cost x%.2f [x%.2f, x%.2f] in %d (study, model) slices (costs partly"
                        + " estimated)",
                    EffectInsights.text(any),
                    ratio,
                    low,
                    high,
                    known.size()))
            .about(any.parameters(), any.step())
            .measured(
                "cost_gpu_hours",
                Effect.of(ratio, low, high)
                    .predictionLow(exp(pooled.predictionLow()))
                    .predictionHigh(exp(pooled.predictionHigh()))
                    .pGain(pooled.pPositive())
                    .nPairs(pairs)
                    .nSlices(known.size())
                    .nStudies(known.stream().map(Fact::study).distinct().count())
                    .sharePositive((double) moreExpensive / known.size())
                    .build())
            .seenIn(known));
  }

  private static OptionalDouble exp(OptionalDouble logarithm) {
    return logarithm.isPresent()
        ? OptionalDouble.of(Math.exp(logarithm.getAsDouble()))
        : OptionalDouble.empty();
  }
}
