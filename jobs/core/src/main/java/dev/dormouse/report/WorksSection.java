package dev.dormouse.report;

import dev.dormouse.model.Insight.Kind;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What works. Pure.
 *
 * @param effects steps whose whole interval is above 0
 * @param conditions established insights about when, how far and at what cost
 */
record WorksSection(IntervalPlot effects, List<InsightEntry> conditions) {
  private static final int MOST_OF_A_KIND = 4;

  static WorksSection of(BookData data, Map<String, String> anchors) {
    return new WorksSection(
        Effects.plot(data, Effects::isGain, anchors),
        InsightEntry.all(
            Stream.of(
                    Kind.CONDITION,
                    Kind.INTERACTION,
                    Kind.SATURATION,
                    Kind.DRIFT,
                    Kind.SCALING,
                    Kind.COST)
                .flatMap(
                    kind ->
                        data.insights(kind).stream()
                            .filter(Effects::isEstablished)
                            .limit(MOST_OF_A_KIND))));
  }
}
