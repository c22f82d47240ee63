package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import dev.dormouse.stats.OrderStatistics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Trials that a plan reserves where the campaign's own results decide the order of all other
 * trials: for ideas of a language model, and for what no past run has tried. Such a hypothesis gets
 * its trial unless its expected improvement is too low. The slots of a kind are withdrawn as soon
 * as one of its hypotheses fails or ends below the median of the trials. So ideas that are no good
 * cost a campaign at most one trial, or those launched together.
 */
final class ReservedSlots {
  /**
   * An idea gets its trial if its expected improvement is at least this share of the best arm's.
   * Chosen by {@code bench ideas}.
   */
  private static final double LEAST_SHARE_OF_BEST = 1 / 3.0;

  private static final List<Predicate<Hypothesis>> KINDS =
      List.of(
          hypothesis -> hypothesis.source() == Source.LLM,
          hypothesis -> hypothesis.terms().containsKey(Hypothesis.RESERVED));

  private ReservedSlots() {}

  /**
   * Returns the hypotheses whose slots are among the next {@code count} trials.
   *
   * @param shareOfBest expected improvement of an untried arm, as a share of the best arm's
   */
  static List<Proposal> due(ProposalContext context, int count, ToDoubleFunction<Arm> shareOfBest) {
    List<EvaluatedTrial> tried =
        context.tried().stream().filter(trial -> trial.phase() == Phase.VALIDATION).toList();
    List<Hypothesis> planned = context.plan().hypotheses();
    Set<Hypothesis> reserved = new HashSet<>();
    for (Predicate<Hypothesis> kind : KINDS) {
      List<Hypothesis> ofKind = planned.stream().filter(kind).toList();
      if (!anyBelowMedian(tried, ofKind.stream().map(Hypothesis::arm).toList())) {
        reserved.addAll(ofKind);
      }
    }
    int first = tried.size() + context.pendingConfigIds().size();
    List<Proposal> due = new ArrayList<>();
    for (int slot = first; slot < Math.min(first + count, planned.size()); slot++) {
      Hypothesis next = planned.get(slot);
      if (reserved.contains(next)
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

  private static boolean anyBelowMedian(List<EvaluatedTrial> tried, List<Arm> ideas) {
    double median =
        OrderStatistics.upperMedian(
            tried.stream().flatMapToDouble(trial -> trial.value().stream()).toArray());
    return tried.stream()
        .filter(trial -> ideas.contains(trial.arm()))
        .map(EvaluatedTrial::value)
        .anyMatch(value -> value.isEmpty() || value.getAsDouble() < median);
  }
}
