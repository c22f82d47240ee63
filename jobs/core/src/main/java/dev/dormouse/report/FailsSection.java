package dev.dormouse.report;

import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.stats.Estimate;
import dev.dormouse.summary.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What fails. Pure.
 *
 * @param harms steps whose whole interval is below 0
 * @param failures failure rates of settings
 * @param traps tempting but wrong conclusions
 */
record FailsSection(IntervalPlot harms, IntervalPlot failures, List<InsightEntry> traps) {
  private static final int MOST_IN_PLOT = 20;

  static FailsSection of(BookData data, Map<String, String> anchors) {
    return new FailsSection(
        Effects.plot(data, Effects::isLoss, anchors),
        IntervalPlot.ofShares(
            data.insights(Kind.FAILURE).stream()
                .filter(i -> i.effect().isPresent())
                .limit(MOST_IN_PLOT)
                .map(i -> item(i, anchors))
                .toList()),
        InsightEntry.all(data.insights(Kind.TRAP).stream()));
  }

  private static IntervalPlot.Item item(Insight insight, Map<String, String> anchors) {
    Effect rate = Effects.effect(insight);
    return new IntervalPlot.Item(
        insight.statement().replaceFirst(":.*", ""),
        insight.statement(),
        "loss",
        new Estimate(rate.mean(), rate.low(), rate.high()),
        Optional.empty(),
        new IntervalPlot.Texts(
            Numbers.percent(rate.mean()),
            "[" + Numbers.percent(rate.low()) + ", " + Numbers.percent(rate.high()) + "]",
            String.format(Locale.ROOT, "%,d runs", rate.nPairs())),
        insight.parameters().isEmpty()
            ? ""
            : anchors.getOrDefault(insight.parameters().get(0), ""));
  }
}
