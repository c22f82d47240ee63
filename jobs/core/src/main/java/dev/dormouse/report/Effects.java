package dev.dormouse.report;

import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.stats.Estimate;
import dev.dormouse.summary.Numbers;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Selects effects of insights for the book, and plots them. Pure. */
final class Effects {
  /** An effect is established if its q-value is below this false discovery rate. */
  static final double FALSE_DISCOVERY_RATE = 0.1;

  private static final int MOST_IN_PLOT = 20;
  private static final int MOST_WITHOUT_DIFFERENCE = 10;

  private Effects() {}

  static Effect effect(Insight insight) {
    return insight.effect().orElseThrow();
  }

  /** Returns the q-value; 1 if there is none. */
  static double q(Insight insight) {
    return insight.effect().map(Effect::qValue).orElse(OptionalDouble.empty()).orElse(1);
  }

  static boolean isGain(Insight insight) {
    return effect(insight).low() > 0;
  }

  static boolean isLoss(Insight insight) {
    return effect(insight).high() < 0;
  }

  /** Returns whether an insight of any kind is certain enough to be stated without reserve. */
  static boolean isEstablished(Insight insight) {
    return switch (insight.kind()) {
      case SATURATION -> true;
      case COST -> insight.effect().filter(e -> e.low() > 1 || e.high() < 1).isPresent();
      default -> q(insight) < FALSE_DISCOVERY_RATE;
    };
  }

  /** Plots the chosen effects: established ones first, within these the most useful. */
  static IntervalPlot plot(BookData data, Predicate<Insight> chosen, Map<String, String> anchors) {
    return plot(
        data.insights(Kind.EFFECT).stream()
            .filter(chosen)
            .sorted(Comparator.comparing(i -> q(i) >= FALSE_DISCOVERY_RATE))
            .limit(MOST_IN_PLOT),
        anchors);
  }

  /** Plots the effects of several studies whose interval includes 0, the narrowest first. */
  static IntervalPlot withoutDifference(BookData data, Map<String, String> anchors) {
    return plot(
        data.insights(Kind.EFFECT).stream()
            .filter(i -> effect(i).low() <= 0 && effect(i).high() >= 0)
            .filter(i -> effect(i).nStudies() > 1)
            .sorted(
                Comparator.comparingDouble(
                        (Insight i) -> Math.max(-effect(i).low(), effect(i).high()))
                    .thenComparing(Insight::insightId))
            .limit(MOST_WITHOUT_DIFFERENCE),
        anchors);
  }

  static IntervalPlot plot(Stream<Insight> effects, Map<String, String> anchors) {
    return IntervalPlot.of(effects.map(effect -> item(effect, anchors)).toList());
  }

  private static IntervalPlot.Item item(Insight insight, Map<String, String> anchors) {
    Effect e = effect(insight);
    String style = isGain(insight) ? "gain" : isLoss(insight) ? "loss" : "unclear";
    return new IntervalPlot.Item(
        label(insight),
        insight.statement(),
        q(insight) < FALSE_DISCOVERY_RATE ? style : style + " hint",
        new Estimate(e.mean(), e.low(), e.high()),
        prediction(e),
        new IntervalPlot.Texts(
            Numbers.gain(e.mean()),
            Numbers.interval(e.low(), e.high()),
            String.format(Locale.ROOT, "%,d pairs, %d st.", e.nPairs(), e.nStudies())),
        anchors.getOrDefault(insight.parameters().get(0), ""));
  }

  private static Optional<IntervalPlot.Interval> prediction(Effect e) {
    return e.predictionLow().isPresent() && e.predictionHigh().isPresent()
        ? Optional.of(
            new IntervalPlot.Interval(
                e.predictionLow().getAsDouble(), e.predictionHigh().getAsDouble()))
        : Optional.empty();
  }

  /** Returns the step of an effect: {@code batch_norm false -> true}. */
  private static String label(Insight insight) {
    String name = String.join(", ", insight.parameters());
    return name + " " + insight.step().text();
  }
}
