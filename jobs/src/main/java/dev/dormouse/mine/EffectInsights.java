package dev.dormouse.mine;

import dev.dormouse.model.Digests;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.FalseDiscovery;
import dev.dormouse.stats.RandomEffects;
import dev.dormouse.stats.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * From slices to insights of kinds effect and cost: pooled across slices, tested together. Pure.
 */
final class EffectInsights {
  private static final long FEWEST_PAIRS = 3;
  private static final int EVIDENCE_RUNS = 60;
  private static final double REPORTED_COST_RATIO = 1.15;

  private EffectInsights() {}

  /** All steps with enough pairs, each with its q-value over all of them. */
  static List<Insight> of(List<Slice> slices, Noise noise) {
    List<List<Slice>> steps = steps(slices);
    RandomEffects[] pooled =
        steps.stream().map(step -> pool(step, noise)).toArray(RandomEffects[]::new);
    double[] pValues = new double[pooled.length];
    for (int i = 0; i < pooled.length; i++) {
      pValues[i] = pooled[i].pValue();
    }
    double[] qValues = FalseDiscovery.qValues(pValues);
    List<Insight> insights = new ArrayList<>();
    for (int i = 0; i < pooled.length; i++) {
      insights.add(effect(steps.get(i), pooled[i], qValues[i], noise));
      cost(steps.get(i)).ifPresent(insights::add);
    }
    return insights;
  }

  private static List<List<Slice>> steps(List<Slice> slices) {
    Map<String, List<Slice>> byStep = new TreeMap<>();
    for (Slice slice : slices) {
      String step =
          String.join("\u0000", slice.parameter(), slice.from(), slice.to(), slice.metric());
      byStep.computeIfAbsent(step, any -> new ArrayList<>()).add(slice);
    }
    return byStep.values().stream().filter(EffectInsights::isWorthTesting).toList();
  }

  private static boolean isWorthTesting(List<Slice> step) {
    boolean exact = !step.get(0).from().isEmpty();
    // A step in scale from a single value says no more than the exact step does.
    long startingPoints = step.stream().mapToLong(Slice::startingPoints).max().orElse(0);
    return pairs(step) >= FEWEST_PAIRS && (exact || startingPoints > 1);
  }

  /** A slice's sampling variance is at least what seed noise makes of a difference of two runs. */
  private static RandomEffects pool(List<Slice> step, Noise noise) {
    if (step.size() == 1) {
      Slice only = step.get(0);
      boolean estimated = only.variance() > noiseOfDifference(only, noise);
      double degrees = estimated ? only.pairs() - 1.0 : Double.POSITIVE_INFINITY;
      return RandomEffects.single(only.gain(), samplingVariance(only, noise), degrees);
    }
    return RandomEffects.pool(
        step.stream().mapToDouble(Slice::gain).toArray(),
        step.stream().mapToDouble(slice -> samplingVariance(slice, noise)).toArray());
  }

  private static double samplingVariance(Slice slice, Noise noise) {
    return Math.max(slice.variance(), noiseOfDifference(slice, noise)) / slice.pairs();
  }

  private static double noiseOfDifference(Slice slice, Noise noise) {
    double sd = noise.sd(slice.study(), slice.metric());
    return 2 * sd * sd;
  }

  private static Insight effect(
      List<Slice> step, RandomEffects pooled, double qValue, Noise noise) {
    Slice any = step.get(0);
    Estimate mean = pooled.mean();
    double share = (double) step.stream().mapToLong(Slice::positive).sum() / pairs(step);
    double noiseSd =
        step.stream()
            .mapToDouble(slice -> noise.sd(slice.study(), slice.metric()))
            .average()
            .orElse(0);
    String conclusion =
        Math.abs(mean.mean()) < noiseSd && !(mean.low() > 0 || mean.high() < 0)
            ? "; not distinguishable from seed noise"
            : mean.low() > 0 || mean.high() < 0 ? "" : "; the interval includes no effect";
    String statement =
        String.format(
            Locale.ROOT,
            "%s: %+.4f %s [%+.4f, %+.4f], %.0f%% of %d pairs in %d (study, model) slices of %d studies%s",
            stepText(any),
            mean.mean(),
            Metrics.text(any.metric()),
            mean.low(),
            mean.high(),
            100 * share,
            pairs(step),
            step.size(),
            studies(step),
            conclusion);
    return new Insight(
        id(Kind.EFFECT, any),
        Kind.EFFECT,
        statement,
        List.of(any.parameter()),
        any.from(),
        any.to(),
        new TreeMap<>(),
        step.stream().map(Slice::modelVariant).distinct().sorted().toList(),
        any.metric(),
        Optional.of(
            new Effect(
                mean.mean(),
                mean.low(),
                mean.high(),
                pooled.predictionLow(),
                pooled.predictionHigh(),
                pooled.pPositive(),
                OptionalDouble.of(qValue),
                pairs(step),
                step.size(),
                studies(step),
                share)),
        "",
        evidence(step));
  }

  private static Optional<Insight> cost(List<Slice> step) {
    List<Slice> known = step.stream().filter(slice -> slice.logCostRatio().isPresent()).toList();
    if (known.size() < 2) {
      return Optional.empty();
    }
    double[] ratios =
        known.stream().mapToDouble(slice -> slice.logCostRatio().getAsDouble()).toArray();
    double[] variances = new double[ratios.length];
    double spread = Math.max(0.01, Samples.variance(ratios));
    Arrays.setAll(variances, i -> spread / known.get(i).pairs());
    RandomEffects pooled = RandomEffects.pool(ratios, variances);
    double ratio = Math.exp(pooled.mean().mean());
    if (Math.max(ratio, 1 / ratio) < REPORTED_COST_RATIO) {
      return Optional.empty();
    }
    Slice any = step.get(0);
    double low = Math.exp(pooled.mean().low());
    double high = Math.exp(pooled.mean().high());
    return Optional.of(
        new Insight(
            id(Kind.COST, any),
            Kind.COST,
            String.format(
                Locale.ROOT,
                "%s: cost x%.2f [x%.2f, x%.2f] in %d (study, model) slices (costs partly estimated)",
                stepText(any),
                ratio,
                low,
                high,
                known.size()),
            List.of(any.parameter()),
            any.from(),
            any.to(),
            new TreeMap<>(),
            known.stream().map(Slice::modelVariant).distinct().sorted().toList(),
            "cost_gpu_hours",
            Optional.of(
                new Effect(
                    ratio,
                    low,
                    high,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    pooled.pPositive(),
                    OptionalDouble.empty(),
                    pairs(known),
                    known.size(),
                    studies(known),
                    (double) known.stream().filter(s -> s.logCostRatio().getAsDouble() > 0).count()
                        / known.size())),
            "",
            evidence(known)));
  }

  private static String stepText(Slice step) {
    return step.from().isEmpty()
        ? step.parameter() + " " + step.to()
        : step.parameter() + " " + step.from() + " -> " + step.to();
  }

  /** Derived from what is stated, not from the numbers, so that mining again gives the same id. */
  private static String id(Kind kind, Slice step) {
    return kind.id()
        + "-"
        + Digests.sha256(String.join("|", step.parameter(), step.from(), step.to(), step.metric()))
            .substring(0, 10);
  }

  private static long pairs(List<Slice> step) {
    return step.stream().mapToLong(Slice::pairs).sum();
  }

  private static long studies(List<Slice> step) {
    return step.stream().map(Slice::study).distinct().count();
  }

  private static List<String> evidence(List<Slice> step) {
    LinkedHashMap<String, Boolean> runs = new LinkedHashMap<>();
    step.stream()
        .sorted(
            Comparator.comparingLong(Slice::pairs)
                .reversed()
                .thenComparing(Slice::study)
                .thenComparing(Slice::modelVariant))
        .flatMap(slice -> slice.evidence().stream())
        .limit(EVIDENCE_RUNS)
        .forEach(run -> runs.put(run, true));
    return List.copyOf(runs.keySet());
  }
}
