package dev.dormouse.mine;

import dev.dormouse.model.Insight;
import java.util.Comparator;
import java.util.List;

/** Orders insights by their use to a planner. Pure. */
final class Usefulness {
  private Usefulness() {}

  /** Sorts insights, most useful first. */
  static List<Insight> ordered(List<Insight> insights) {
    return insights.stream()
        .sorted(
            Comparator.comparingInt(Usefulness::group)
                .thenComparing(Comparator.comparingDouble(Usefulness::strength).reversed())
                .thenComparing(Insight::insightId))
        .toList();
  }

  /**
   * Puts established effects and their conditions first, then traps (they forbid conclusions), then
   * model ranks and failures, then the rest.
   */
  private static int group(Insight insight) {
    return switch (insight.kind()) {
      case EFFECT -> isEstablished(insight) ? 0 : 9;
      case SATURATION -> 1;
      case CONDITION, INTERACTION -> 2;
      case TRAP -> 3;
      case MODEL_RANK -> 4;
      case FAILURE -> 5;
      case SCALING -> 6;
      case COST -> 7;
      default -> 8;
    };
  }

  private static boolean isEstablished(Insight insight) {
    return insight
        .effect()
        .map(e -> e.qValue().orElse(1) < Pooling.REPORTED_AT && e.nStudies() > 1)
        .orElse(false);
  }

  private static double strength(Insight insight) {
    return insight
        .effect()
        .map(
            e ->
                switch (insight.kind()) {
                  // Effects whose interval is far from zero, over many studies, come first.
                  case EFFECT, CONDITION, INTERACTION, SATURATION ->
                      Math.max(e.low(), -e.high()) * Math.sqrt((double) e.nStudies());
                  case COST -> Math.abs(Math.log(e.mean()));
                  default -> e.mean();
                })
        .filter(Double::isFinite)
        .orElse(0.0);
  }
}
