package dev.dormouse.mine;

import dev.dormouse.mine.Pooling.Answer;
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

/** What steps cost: ratios, since costs multiply. Pure. */
final class CostInsights {
  /** Ratios nearer to 1 do not change a plan. */
  private static final double REPORTED_RATIO = 1.15;

  /** Costs of single runs are rough: their logarithm is off by at least this variance. */
  private static final double SMALLEST_VARIANCE = 0.01;

  private CostInsights() {}

  static List<Finding> of(List<Answer> steps) {
    List<Finding> findings = new ArrayList<>();
    steps.forEach(step -> finding(step.question().slices()).ifPresent(findings::add));
    return findings;
  }

  private static Optional<Finding> finding(List<Fact> slices) {
    List<Fact> known = slices.stream().filter(slice -> slice.knows("log_cost_ratio")).toList();
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
    long dearer = Arrays.stream(ratios).filter(r -> r > 0).count();
    return Optional.of(
        Finding.of(
                Insight.Kind.COST,
                EffectInsights.identity(any),
                String.format(
                    Locale.ROOT,
                    "%s: cost x%.2f [x%.2f, x%.2f] in %d (study, model) slices (costs partly estimated)",
                    EffectInsights.text(any),
                    ratio,
                    low,
                    high,
                    known.size()))
            .about(any.parameters(), any.from().get(0), any.to().get(0))
            .measured(
                "cost_gpu_hours",
                new Effect(
                    ratio,
                    ratio,
                    Double.NaN,
                    low,
                    high,
                    exp(pooled.predictionLow()),
                    exp(pooled.predictionHigh()),
                    pooled.pPositive(),
                    OptionalDouble.empty(),
                    pairs,
                    known.size(),
                    known.stream().map(Fact::study).distinct().count(),
                    (double) dearer / known.size()))
            .seenIn(known));
  }

  private static OptionalDouble exp(OptionalDouble logarithm) {
    return logarithm.isPresent()
        ? OptionalDouble.of(Math.exp(logarithm.getAsDouble()))
        : OptionalDouble.empty();
  }
}
