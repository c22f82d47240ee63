package dev.dormouse.report;

import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * All insights about one parameter, model variant or study.
 *
 * @param summary the data behind the chapter, in few words
 * @param effects plot of its steps; empty for models and studies
 * @param more number of effects that are not drawn
 * @param entries all other insights
 * @param moreEntries number of entries that are not shown
 */
record Chapter(
    String anchor,
    String name,
    String summary,
    IntervalPlot effects,
    int more,
    List<InsightEntry> entries,
    int moreEntries) {
  private static final int MOST_EFFECTS = 10;
  private static final int MOST_ENTRIES = 12;

  static Chapter of(String anchor, String name, String summary, List<Insight> insights) {
    List<Insight> effects =
        insights.stream()
            .filter(i -> i.kind() == Kind.EFFECT && i.effect().isPresent())
            .sorted(
                Comparator.comparing((Insight i) -> !(Effects.isGain(i) || Effects.isLoss(i)))
                    .thenComparing(i -> -Effects.effect(i).nPairs()))
            .toList();
    List<Insight> others = insights.stream().filter(i -> i.kind() != Kind.EFFECT).toList();
    return new Chapter(
        anchor,
        name,
        summary,
        Effects.plot(effects.stream().limit(MOST_EFFECTS), Map.of()),
        Math.max(0, effects.size() - MOST_EFFECTS),
        InsightEntry.all(others.stream().limit(MOST_ENTRIES)),
        Math.max(0, others.size() - MOST_ENTRIES));
  }
}
