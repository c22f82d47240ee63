package dev.dormouse.eval.replay;

import dev.dormouse.forecast.PastResult;
import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses the baseline of a replayed campaign, which has no team to name one. It does what a team
 * does that begins on new data: it borrows the best configuration of the largest past study, as far
 * as the list of arms has it.
 *
 * <p>The choice uses no forecast, since a baseline that the forecaster ranks first would leave the
 * campaign nothing to gain over it, and no result of the replayed task. Its evaluation is charged
 * like any other. A typical arm of the list, or the model that most studies tried, would be no
 * better than the median and waste that evaluation.
 */
final class BorrowedBaseline {
  private BorrowedBaseline() {}

  /**
   * Returns one of the arms: of the model variant of the best run in the largest past study that
   * tried one of their variants, and with the most of its values; the first arm if there is none.
   *
   * @param arms not empty
   */
  static Arm of(List<Arm> arms, Collection<PastResult> history) {
    Set<String> variants = arms.stream().map(Arm::modelVariant).collect(Collectors.toSet());
    return studies(history).stream()
        .flatMap(study -> best(study, variants).stream())
        .findFirst()
        .map(best -> mostSimilar(arms, best))
        .orElse(arms.get(0));
  }

  /** Returns the past studies, the largest first. */
  private static List<List<PastResult>> studies(Collection<PastResult> history) {
    Map<String, List<PastResult>> studies = new LinkedHashMap<>();
    history.forEach(
        result -> studies.computeIfAbsent(result.study(), s -> new ArrayList<>()).add(result));
    return studies.values().stream()
        .sorted(Comparator.comparingInt((List<PastResult> study) -> study.size()).reversed())
        .toList();
  }

  private static Optional<Arm> best(List<PastResult> study, Set<String> variants) {
    return study.stream()
        .filter(result -> result.value().isPresent())
        .filter(result -> variants.contains(result.arm().modelVariant()))
        .max(Comparator.comparingDouble(result -> result.value().getAsDouble()))
        .map(PastResult::arm);
  }

  private static Arm mostSimilar(List<Arm> arms, Arm wished) {
    return arms.stream()
        .filter(arm -> arm.modelVariant().equals(wished.modelVariant()))
        .max(Comparator.comparingLong(arm -> shared(arm, wished)))
        .orElseThrow();
  }

  private static long shared(Arm arm, Arm wished) {
    return wished.params().entrySet().stream()
        .filter(param -> param.getValue().equals(arm.params().get(param.getKey())))
        .count();
  }
}
