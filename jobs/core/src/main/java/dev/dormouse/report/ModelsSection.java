package dev.dormouse.report;

import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.model.Step;
import dev.dormouse.report.BookData.ModelTried;
import dev.dormouse.stats.Estimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The model variants. Pure.
 *
 * @param ranks rank of each variant, 1 is first and 0 last
 * @param chapters one per variant
 */
record ModelsSection(IntervalPlot ranks, List<Chapter> chapters) {
  private static final int MOST_RANKS = 25;

  static ModelsSection of(BookData data) {
    Map<String, String> anchors = new LinkedHashMap<>();
    data.modelNames().forEach(model -> anchors.put(model, "model-" + (anchors.size() + 1)));
    return new ModelsSection(ranks(data, anchors), chapters(data, anchors));
  }

  private static IntervalPlot ranks(BookData data, Map<String, String> anchors) {
    return IntervalPlot.ofShares(
        data.insights(Kind.MODEL_RANK).stream()
            .filter(i -> i.effect().isPresent())
            .sorted(
                Comparator.comparingDouble((Insight i) -> -Effects.effect(i).mean())
                    .thenComparing(i -> i.step().to()))
            .limit(MOST_RANKS)
            .map(i -> item(i, anchors))
            .toList());
  }

  private static IntervalPlot.Item item(Insight insight, Map<String, String> anchors) {
    Effect rank = Effects.effect(insight);
    return new IntervalPlot.Item(
        insight.step().to(),
        insight.statement(),
        "validation",
        new Estimate(rank.mean(), rank.low(), rank.high()),
        Optional.empty(),
        new IntervalPlot.Texts(
            String.format(Locale.ROOT, "%.2f", rank.mean()),
            String.format(Locale.ROOT, "[%.2f, %.2f]", rank.low(), rank.high()),
            rank.nStudies() + " studies"),
        anchors.getOrDefault(insight.step().to(), ""));
  }

  private static List<Chapter> chapters(BookData data, Map<String, String> anchors) {
    List<Chapter> chapters = new ArrayList<>();
    anchors.forEach(
        (model, anchor) -> {
          List<ModelTried> tried =
              data.models().stream().filter(m -> m.model().equals(model)).toList();
          chapters.add(
              Chapter.of(
                  anchor,
                  model,
                  String.format(
                      Locale.ROOT,
                      "%,d configurations in %d studies",
                      tried.stream().mapToLong(ModelTried::configurations).sum(),
                      tried.size()),
                  data.insights().stream().filter(i -> isAbout(i, model)).toList()));
        });
    return chapters;
  }

  private static boolean isAbout(Insight insight, String model) {
    return insight.kind() == Kind.MODEL_RANK
        ? insight.step().equals(new Step.Value(model))
        : insight.conditions().getOrDefault("model_variant", "").equals(model)
            || insight.modelVariants().equals(List.of(model));
  }
}
