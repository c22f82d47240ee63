package dev.dormouse.mine;

import dev.dormouse.mine.Pooling.TestResult;
import dev.dormouse.model.Insight;
import dev.dormouse.model.InsightEffectBuilder;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Step;
import dev.dormouse.stats.Estimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Finds numeric parameters for which more (or less) helps up to a value and no further. Whether a
 * parameter helps at all is tested among all parameters; the single steps are compared only for
 * parameters that do. Pure.
 */
final class SaturationInsights {
  private static final double CREDIBLE = 0.95;
  private static final double Z95 = 1.96;
  private static final long FEWEST_PAIRS = 5;

  private SaturationInsights() {}

  /**
   * A step in one of its two directions.
   *
   * @param sign 1 in the direction in which it was measured, -1 in the other one
   */
  private record DirectedStep(double from, double to, TestResult result, int sign) {
    /** Returns the gain for each doubling (or halving) of the parameter. */
    double slope() {
      return sign * result.effect().plain().mean() / doublings();
    }

    double slopeSd() {
      Estimate plain = result.effect().plain();
      return (plain.high() - plain.low()) / (2 * Z95 * doublings());
    }

    private double doublings() {
      return Math.abs(Math.log(to / from) / Math.log(2));
    }

    boolean helps() {
      return gains(result, sign);
    }

    boolean isMeasured() {
      return result.tested().pairs() >= FEWEST_PAIRS;
    }
  }

  static List<Finding> of(List<TestResult> steps) {
    Map<String, List<DirectedStep>> byDirection = new TreeMap<>();
    Set<String> helpful = new TreeSet<>();
    for (TestResult step : steps) {
      Fact any = step.tested().slices().get(0);
      OptionalDouble from = ParamValue.number(any.from().get(0));
      OptionalDouble to = ParamValue.number(any.to().get(0));
      String more = any.parameters().get(0) + "|" + any.metric() + "|more";
      String less = any.parameters().get(0) + "|" + any.metric() + "|less";
      if (from.isPresent() && to.isPresent() && from.getAsDouble() > 0) {
        double low = from.getAsDouble();
        double high = to.getAsDouble();
        byDirection
            .computeIfAbsent(more, name -> new ArrayList<>())
            .add(new DirectedStep(low, high, step, 1));
        byDirection
            .computeIfAbsent(less, name -> new ArrayList<>())
            .add(new DirectedStep(high, low, step, -1));
      }
      // Steps by a factor count here, too.
      if (step.isReported()) {
        helpful.add(step.effect().plain().mean() > 0 ? more : less);
      }
    }
    byDirection.keySet().retainAll(helpful);
    List<Finding> findings = new ArrayList<>();
    byDirection.forEach((direction, its) -> saturation(direction, its).ifPresent(findings::add));
    return findings;
  }

  /** Returns whether the step in this direction gains, by its own pairs alone. */
  private static boolean gains(TestResult step, int sign) {
    Estimate plain = step.effect().plain();
    return sign > 0 ? plain.low() > 0 : plain.high() < 0;
  }

  /** Returns the first step that helps while the next one credibly helps less. */
  private static Optional<Finding> saturation(String direction, List<DirectedStep> its) {
    List<DirectedStep> helping = its.stream().filter(DirectedStep::helps).toList();
    return helping.stream()
        .flatMap(
            step ->
                its.stream()
                    .filter(next -> next.from() == step.to() && next.isMeasured())
                    .min(
                        Comparator.comparingDouble(
                            next -> Math.abs(Math.log(next.to() / next.from()))))
                    .filter(next -> !next.helps() && helpsLess(step, next))
                    .map(next -> finding(direction, step, next))
                    .stream())
        .findFirst();
  }

  private static boolean helpsLess(DirectedStep step, DirectedStep next) {
    double sd = Math.hypot(step.slopeSd(), next.slopeSd());
    return NormalDistribution.of(0, 1).cumulativeProbability((step.slope() - next.slope()) / sd)
        >= CREDIBLE;
  }

  private static Finding finding(String direction, DirectedStep step, DirectedStep next) {
    Fact any = step.result().tested().slices().get(0);
    boolean more = step.sign() > 0;
    String bound = ParamValue.canonical(step.to());
    List<Fact> seen = new ArrayList<>(step.result().tested().slices());
    seen.addAll(next.result().tested().slices());
    return Finding.of(
            Insight.Kind.SATURATION,
            direction,
            String.format(
                Locale.ROOT,
                "%s: %s helps %s %s and no further: %s for %s -> %s, but %s for %s -> %s",
                any.parameters().get(0),
                more ? "more" : "less",
                more ? "up to" : "down to",
                bound,
                InsightWords.gain(directed(step), any.metric()),
                ParamValue.canonical(step.from()),
                bound,
                InsightWords.gain(directed(next), any.metric()),
                bound,
                ParamValue.canonical(next.to())))
        .about(any.parameters(), new Step.FromTo(bound, ParamValue.canonical(next.to())))
        .measured(any.metric(), directedNumbers(next))
        .seenIn(seen);
  }

  /** Returns the measured gain in the direction of the step. */
  private static Estimate directed(DirectedStep step) {
    Estimate e = step.result().effect().plain();
    return step.sign() > 0 ? e : new Estimate(-e.mean(), -e.high(), -e.low());
  }

  private static Insight.Effect directedNumbers(DirectedStep step) {
    Insight.Effect e = step.result().numbers();
    if (step.sign() > 0) {
      return e;
    }
    return InsightEffectBuilder.builder(e)
        .mean(-e.mean())
        .plain(-e.plain())
        .expected(-e.expected())
        .low(-e.high())
        .high(-e.low())
        .predictionLow(OptionalDouble.of(-e.predictionHigh().orElseThrow()))
        .predictionHigh(OptionalDouble.of(-e.predictionLow().orElseThrow()))
        .pGain(1 - e.pGain())
        .sharePositive(1 - e.sharePositive())
        .build();
  }
}
