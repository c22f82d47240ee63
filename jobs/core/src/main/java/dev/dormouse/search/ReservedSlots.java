package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import dev.dormouse.stats.OrderStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Trials that a plan reserves for ideas of a language model where the campaign's own results decide
 * the order of all other trials. An idea gets its trial unless its expected improvement is too low.
 * The slots are withdrawn as soon as one of the ideas fails or ends below the median of the trials.
 * So a model that knows nothing costs a campaign at most one trial, or those launched together.
 */
final class ReservedSlots {
  /**
   * An idea gets its trial if its expected improvement is at least this share of the best arm's.
   * Chosen by {@code bench ideas}.
   */
  private static final double LEAST_SHARE_OF_BEST = 1 / 3.0;

  private ReservedSlots() {}

  /**
   * Returns the ideas whose slots are among the next {@code count} trials.
   *
   * @param shareOfBest expected improvement of an untried arm, as a share of the best arm's
   */
  static List<Proposal> due(ProposalContext context, int count, ToDoubleFunction<Arm> shareOfBest) {
    List<Hypothesis> planned = context.plan().hypotheses();
    Set<Arm> ideas =
        planned.stream()
            .filter(hypothesis -> hypothesis.source() == Source.LLM)
            .map(Hypothesis::arm)
            .collect(Collectors.toSet());
    List<EvaluatedTrial> tried =
        context.tried().stream().filter(trial -> trial.phase() == Phase.VALIDATION).toList();
    if (ideas.isEmpty() || anyBelowMedian(tried, ideas)) {
      return List.of();
    }
    int first = tried.size() + context.pendingConfigIds().size();
    List<Proposal> due = new ArrayList<>();
    for (int slot = first; slot < Math.min(first + count, planned.size()); slot++) {
      Hypothesis next = planned.get(slot);
      if (next.source() == Source.LLM
          && isUntried(context, next.arm())
          && shareOfBest.applyAsDouble(next.arm()) >= LEAST_SHARE_OF_BEST) {
        due.add(Proposals.proposal(next));
      }
    }
    return due;
  }

  private static boolean isUntried(ProposalContext context, Arm arm) {
    return !context.pendingConfigIds().contains(arm.configId())
        && context.tried().stream().noneMatch(trial -> trial.arm().equals(arm));
  }

  private static boolean anyBelowMedian(List<EvaluatedTrial> tried, Set<Arm> ideas) {
    double median =
        OrderStatistics.upperMedian(
            tried.stream().flatMapToDouble(trial -> trial.value().stream()).toArray());
    return tried.stream()
        .filter(trial -> ideas.contains(trial.arm()))
        .map(EvaluatedTrial::value)
        .anyMatch(value -> value.isEmpty() || value.getAsDouble() < median);
  }
}
