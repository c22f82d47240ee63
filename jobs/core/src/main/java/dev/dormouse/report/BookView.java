package dev.dormouse.report;

import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.report.BookData.Studied;
import dev.dormouse.summary.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The texts and numbers of the insight book: one component per section of the page, in order. Pure.
 *
 * @param noDifference steps that were measured well and show no difference
 * @param parameters one chapter per parameter
 */
record BookView(
    BookHeading heading,
    List<Tile> tiles,
    WorksSection works,
    FailsSection fails,
    UntriedSection untried,
    IntervalPlot noDifference,
    List<Chapter> parameters,
    ModelsSection models,
    StudiesSection studies) {

  /**
   * The head of the book.
   *
   * @param minedAt time of the newest mining, UTC; empty if nothing was mined
   * @param tested how many steps were tested and how many are established
   */
  record BookHeading(String minedAt, String tested) {
    private static BookHeading of(BookData data) {
      List<Insight> effects = data.insights(Kind.EFFECT);
      return new BookHeading(
          data.minedAt().map(Timestamps::second).orElse(""),
          String.format(
              Locale.ROOT,
              "%d of %d steps that were tested are reported at a false discovery rate of %s",
              effects.stream().filter(i -> Effects.q(i) < Effects.FALSE_DISCOVERY_RATE).count(),
              effects.stream().filter(i -> Effects.effect(i).qValue().isPresent()).count(),
              Numbers.percent(Effects.FALSE_DISCOVERY_RATE)));
    }
  }

  static BookView of(BookData data) {
    Map<String, String> parameterAnchors = ParameterChapters.anchors(data);
    return new BookView(
        BookHeading.of(data),
        tiles(data, parameterAnchors.size()),
        WorksSection.of(data, parameterAnchors),
        FailsSection.of(data, parameterAnchors),
        UntriedSection.of(data, parameterAnchors),
        Effects.withoutDifference(data, parameterAnchors),
        ParameterChapters.of(data, parameterAnchors),
        ModelsSection.of(data),
        StudiesSection.of(data));
  }

  private static List<Tile> tiles(BookData data, int parameters) {
    return List.of(
        Tile.of(data.studies().stream().mapToLong(Studied::runs).sum(), "training runs", "studies"),
        Tile.of(data.studies().size(), "studies", "studies"),
        Tile.of(data.modelNames().size(), "model variants", "models"),
        Tile.of(parameters, "parameters", "parameters"),
        Tile.of(data.insights().size(), "insights", "works"),
        Tile.of(data.insights(Kind.TRAP).size(), "traps", "fails"));
  }
}
