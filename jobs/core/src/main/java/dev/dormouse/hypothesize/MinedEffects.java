package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The gain to expect of proposed changes: the sum of their mined effects. Only effects that were
 * measured between the same values, or as the same factor, count.
 */
public final class MinedEffects {
  private static final double Z95 = 1.96;

  /** In noise sds: standard deviation of the gain of a change of which nothing is known. */
  static final double UNKNOWN_SD = 3;

  private final List<Insight> effects;
  private final Arm baseline;
  private final double noise;

  /**
   * An expected gain, metric units.
   *
   * @param sd its standard deviation in a new study
   * @param evidence ids of the insights that it rests on
   */
  public record Expected(double gain, double sd, List<String> evidence) {
    public Expected {
      evidence = List.copyOf(evidence);
    }
  }

  MinedEffects(List<Insight> insights, Arm baseline, double noise) {
    this.effects =
        insights.stream()
            .filter(i -> i.kind() == Insight.Kind.EFFECT && i.effect().isPresent())
            .filter(i -> i.parameters().size() == 1 && Conditions.allow(i, baseline))
            .toList();
    this.baseline = baseline;
    this.noise = noise;
  }

  /** Returns the sd in a new study: by the prediction interval, else twice that of the mean. */
  static double sd(Effect effect, double noise) {
    if (effect.predictionLow().isPresent() && effect.predictionHigh().isPresent()) {
      return (effect.predictionHigh().getAsDouble() - effect.predictionLow().getAsDouble())
          / (2 * Z95);
    }
    double sd = (effect.high() - effect.low()) / Z95;
    return Double.isFinite(sd) ? sd : UNKNOWN_SD * noise;
  }

  /** Returns the gain to expect of an arm; empty if nothing is known of its changes. */
  Optional<Expected> of(Arm arm) {
    double gain = 0;
    double variance = 0;
    List<String> evidence = new ArrayList<>();
    for (Change change : arm.changesFrom(baseline)) {
      Optional<Expected> known = of(change);
      gain += known.map(Expected::gain).orElse(0.0);
      variance += Math.pow(known.map(Expected::sd).orElse(UNKNOWN_SD * noise), 2);
      known.ifPresent(expected -> evidence.addAll(expected.evidence()));
    }
    return evidence.isEmpty()
        ? Optional.empty()
        : Optional.of(new Expected(gain, Math.sqrt(variance), evidence));
  }

  /** Uses the most certain of the effects that match the change. */
  private Optional<Expected> of(Change change) {
    return effects.stream()
        .filter(e -> Conditions.parameter(e.parameters().get(0)).equals(change.parameter()))
        .flatMap(
            e ->
                sign(e.step(), change).stream()
                    .mapToObj(
                        sign ->
                            new Expected(
                                sign * e.effect().orElseThrow().expected(),
                                Math.max(noise, sd(e.effect().orElseThrow(), noise)),
                                List.of(e.insightId()))))
        .min(Comparator.comparingDouble(Expected::sd));
  }

  /** Returns 1 if the change is the step that was measured, -1 if it is that step reversed. */
  static OptionalDouble sign(Step step, Change change) {
    if (step instanceof Step.Factor factor) {
      OptionalDouble from = ParamValue.number(change.from());
      OptionalDouble to = ParamValue.number(change.to());
      if (from.isEmpty() || to.isEmpty() || from.getAsDouble() == 0 || to.getAsDouble() == 0) {
        return OptionalDouble.empty();
      }
      double ratio = to.getAsDouble() / from.getAsDouble();
      return ratio > 0 && factor.matches(Math.max(ratio, 1 / ratio))
          ? OptionalDouble.of(ratio > 1 ? 1 : -1)
          : OptionalDouble.empty();
    }
    return step.from().equals(change.from()) && step.to().equals(change.to())
        ? OptionalDouble.of(1)
        : step.from().equals(change.to()) && step.to().equals(change.from())
            ? OptionalDouble.of(-1)
            : OptionalDouble.empty();
  }
}
