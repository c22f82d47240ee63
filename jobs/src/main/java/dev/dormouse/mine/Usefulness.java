package dev.dormouse.mine;

import dev.dormouse.model.Insight;
import java.util.Comparator;
import java.util.List;

/** The order in which a planner wants to read insights. Pure. */
final class Usefulness {
  private static final double REPORTED_AT = 0.1;

  private Usefulness() {}

  static List<Insight> ordered(List<Insight> insights) {
    return insights.stream()
        .sorted(
            Comparator.comparingInt(Usefulness::group)
                .thenComparing(Comparator.comparingDouble(Usefulness::strength).reversed())
                .thenComparing(Insight::insightId))
        .toList();
  }

  /**
   * Established effects, then traps (they forbid conclusions), then model ranks and failures, then
   * the rest.
   */
  private static int group(Insight insight) {
    return switch (insight.kind()) {
      case EFFECT -> isEstablished(insight) ? 0 : 6;
      case TRAP -> 1;
      case MODEL_RANK -> 2;
      case FAILURE -> 3;
      case COST -> 4;
      default -> 5;
    };
  }

  private static boolean isEstablished(Insight insight) {
    return insight
        .effect()
        .map(e -> e.qValue().orElse(1) < REPORTED_AT && e.nStudies() > 1)
        .orElse(false);
  }

  private static double strength(Insight insight) {
    return insight
        .effect()
        .map(
            e ->
                switch (insight.kind()) {
                  // How far the interval stays from no effect, in general (over several studies)
                  // before in particular.
                  case EFFECT -> Math.max(e.low(), -e.high()) * Math.sqrt((double) e.nStudies());
                  case COST -> Math.abs(Math.log(e.mean()));
                  default -> e.mean();
                })
        .orElse(0.0);
  }
}
