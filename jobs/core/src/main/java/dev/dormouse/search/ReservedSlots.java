package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The places that a plan gives to ideas of a language model where the campaign's own results order
 * everything else. An idea gets its place unless these results, and the past, speak against it. The
 * places are kept until one of the ideas disappoints: comes out below the middle of what was tried,
 * or not at all. So a model that knows nothing costs a campaign one trial at most, or those of it
 * that were begun together. No version of the rules tells this apart: lists of arms are replayed,
 * no campaign file has one.
 */
final class ReservedSlots {
  /**
   * An idea gets its place if at least this share is expected of it of what is expected of the best
   * arm: a model's word may make up for the rest. Chosen by {@code bench ideas}.
   */
  private static final double LEAST_PROMISE = 1 / 3.0;

  private ReservedSlots() {}

  /**
   * The ideas whose turn it is among the next {@code count} trials.
   *
   * @param promise of an untried arm: what is expected of it, as a share of the best one's
   */
  static List<Proposal> due(ProposalContext context, int count, ToDoubleFunction<Arm> promise) {
    List<Hypothesis> planned = context.plan().hypotheses();
    Set<Arm> ideas =
        planned.stream()
            .filter(hypothesis -> hypothesis.source() == Source.LLM)
            .map(Hypothesis::arm)
            .collect(Collectors.toSet());
    List<EvaluatedTrial> tried =
        context.tried().stream().filter(trial -> trial.phase() == Phase.VALIDATION).toList();
    if (ideas.isEmpty() || hasDisappointed(tried, ideas)) {
      return List.of();
    }
    int first = tried.size() + context.pendingConfigIds().size();
    List<Proposal> due = new ArrayList<>();
    for (int place = first; place < Math.min(first + count, planned.size()); place++) {
      Hypothesis next = planned.get(place);
      if (next.source() == Source.LLM
          && isOpen(context, next.arm())
          && promise.applyAsDouble(next.arm()) >= LEAST_PROMISE) {
        due.add(Proposals.proposal(next));
      }
    }
    return due;
  }

  private static boolean isOpen(ProposalContext context, Arm arm) {
    return !context.pendingConfigIds().contains(arm.configId())
        && context.tried().stream().noneMatch(trial -> trial.arm().equals(arm));
  }

  private static boolean hasDisappointed(List<EvaluatedTrial> tried, Set<Arm> ideas) {
    double[] values = tried.stream().flatMapToDouble(t -> t.value().stream()).sorted().toArray();
    OptionalDouble middle =
        values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[values.length / 2]);
    return tried.stream()
        .filter(trial -> ideas.contains(trial.arm()))
        .map(EvaluatedTrial::value)
        .anyMatch(
            value ->
                value.isEmpty() || value.getAsDouble() < middle.orElse(Double.NEGATIVE_INFINITY));
  }
}
