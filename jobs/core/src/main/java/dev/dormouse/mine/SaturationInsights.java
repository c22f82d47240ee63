package dev.dormouse.mine;

import dev.dormouse.mine.Pooling.Answer;
import dev.dormouse.model.Insight;
import dev.dormouse.model.ParamValue;
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
 * Numeric parameters of which more (or less) helps, up to a value from which it does not. Whether a
 * parameter helps at all is tested among all parameters; only for those that do, its single steps
 * are looked at one by one. Pure.
 */
final class SaturationInsights {
  private static final double CREDIBLE = 0.95;
  private static final double Z95 = 1.96;
  private static final long FEWEST_PAIRS = 5;

  private SaturationInsights() {}

  /** A step between two neighbouring values, in the direction in which it is looked at. */
  private record Rung(double from, double to, Answer answer, int sign) {
    /** Gain for each doubling (or halving) of the parameter. */
    double slope() {
      return sign * answer.effect().plain().mean() / doublings();
    }

    double slopeSd() {
      Estimate plain = answer.effect().plain();
      return (plain.high() - plain.low()) / (2 * Z95 * doublings());
    }

    private double doublings() {
      return Math.abs(Math.log(to / from) / Math.log(2));
    }

    boolean helps() {
      return gains(answer, sign);
    }

    boolean isMeasured() {
      return answer.question().pairs() >= FEWEST_PAIRS;
    }
  }

  static List<Finding> of(List<Answer> steps) {
    Map<String, List<Rung>> ladders = new TreeMap<>();
    Set<String> helpful = new TreeSet<>();
    for (Answer step : steps) {
      Fact any = step.question().slices().get(0);
      OptionalDouble from = ParamValue.number(any.from().get(0));
      OptionalDouble to = ParamValue.number(any.to().get(0));
      String more = any.parameters().get(0) + "|" + any.metric() + "|more";
      String less = any.parameters().get(0) + "|" + any.metric() + "|less";
      if (from.isPresent() && to.isPresent() && from.getAsDouble() > 0) {
        double low = from.getAsDouble();
        double high = to.getAsDouble();
        ladders.computeIfAbsent(more, name -> new ArrayList<>()).add(new Rung(low, high, step, 1));
        ladders.computeIfAbsent(less, name -> new ArrayList<>()).add(new Rung(high, low, step, -1));
      }
      // A step in scale, e.g. x2, says so too.
      if (step.isReported()) {
        helpful.add(step.effect().plain().mean() > 0 ? more : less);
      }
    }
    ladders.keySet().retainAll(helpful);
    List<Finding> findings = new ArrayList<>();
    ladders.forEach((ladder, rungs) -> saturation(ladder, rungs).ifPresent(findings::add));
    return findings;
  }

  /** Whether the step, or the step back, gains by all that its own pairs say. */
  private static boolean gains(Answer step, int sign) {
    Estimate plain = step.effect().plain();
    return sign > 0 ? plain.low() > 0 : plain.high() < 0;
  }

  /** The step that helps from which on the next one credibly helps less, if there is one. */
  private static Optional<Finding> saturation(String ladder, List<Rung> rungs) {
    List<Rung> helping = rungs.stream().filter(Rung::helps).toList();
    return helping.stream()
        .flatMap(
            rung ->
                rungs.stream()
                    .filter(next -> next.from() == rung.to() && next.isMeasured())
                    .min(
                        Comparator.comparingDouble(
                            next -> Math.abs(Math.log(next.to() / next.from()))))
                    .filter(next -> !next.helps() && helpsLess(rung, next))
                    .map(next -> finding(ladder, rung, next))
                    .stream())
        .findFirst();
  }

  private static boolean helpsLess(Rung rung, Rung next) {
    double sd = Math.hypot(rung.slopeSd(), next.slopeSd());
    return NormalDistribution.of(0, 1).cumulativeProbability((rung.slope() - next.slope()) / sd)
        >= CREDIBLE;
  }

  private static Finding finding(String ladder, Rung rung, Rung next) {
    Fact any = rung.answer().question().slices().get(0);
    boolean more = rung.sign() > 0;
    String bound = ParamValue.canonical(rung.to());
    List<Fact> seen = new ArrayList<>(rung.answer().question().slices());
    seen.addAll(next.answer().question().slices());
    return Finding.of(
            Insight.Kind.SATURATION,
            ladder,
            String.format(
                Locale.ROOT,
                "%s: %s helps %s %s and no further: %s for %s -> %s, but %s for %s -> %s",
                any.parameters().get(0),
                more ? "more" : "less",
                more ? "up to" : "down to",
                bound,
                InsightWords.gain(turned(rung), any.metric()),
                ParamValue.canonical(rung.from()),
                bound,
                InsightWords.gain(turned(next), any.metric()),
                bound,
                ParamValue.canonical(next.to())))
        .about(any.parameters(), bound, ParamValue.canonical(next.to()))
        .measured(any.metric(), turnedNumbers(next))
        .seenIn(seen);
  }

  /** The measurement in the direction in which the rung is climbed. */
  private static Estimate turned(Rung rung) {
    Estimate e = rung.answer().effect().plain();
    return rung.sign() > 0 ? e : new Estimate(-e.mean(), -e.high(), -e.low());
  }

  private static Insight.Effect turnedNumbers(Rung rung) {
    Insight.Effect e = rung.answer().numbers();
    if (rung.sign() > 0) {
      return e;
    }
    return new Insight.Effect(
        -e.mean(),
        -e.plain(),
        -e.expected(),
        -e.high(),
        -e.low(),
        OptionalDouble.of(-e.predictionHigh().orElseThrow()),
        OptionalDouble.of(-e.predictionLow().orElseThrow()),
        1 - e.pGain(),
        e.qValue(),
        e.nPairs(),
        e.nSlices(),
        e.nStudies(),
        1 - e.sharePositive());
  }
}
