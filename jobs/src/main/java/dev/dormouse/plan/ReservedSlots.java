package dev.dormouse.plan;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The places that a plan gives to ideas of a language model where the campaign's own results order
 * everything else. They are kept until one of the ideas disappoints: comes out below the middle of
 * what was tried, or not at all. So a model that knows nothing costs a campaign one trial.
 */
final class ReservedSlots {
  private ReservedSlots() {}

  /** The ideas whose turn it is among the next {@code count} trials. */
  static List<Proposal> due(ProposalContext context, int count) {
    List<Hypothesis> planned = context.plan().hypotheses();
    Set<Arm> ideas =
        planned.stream()
            .filter(hypothesis -> hypothesis.source() == Source.LLM)
            .map(Hypothesis::arm)
            .collect(Collectors.toSet());
    List<Tried> tried =
        context.tried().stream().filter(trial -> trial.phase() == Phase.VALIDATION).toList();
    if (ideas.isEmpty() || hasDisappointed(tried, ideas)) {
      return List.of();
    }
    int next = tried.size() + context.pendingConfigIds().size();
    List<Proposal> due = new ArrayList<>();
    for (int place = next; place < Math.min(next + count, planned.size()); place++) {
      if (planned.get(place).source() == Source.LLM) {
        due.add(Proposals.proposal(planned.get(place)));
      }
    }
    return due;
  }

  private static boolean hasDisappointed(List<Tried> tried, Set<Arm> ideas) {
    double[] values = tried.stream().flatMapToDouble(t -> t.value().stream()).sorted().toArray();
    OptionalDouble middle =
        values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[values.length / 2]);
    return tried.stream()
        .filter(trial -> ideas.contains(trial.arm()))
        .map(Tried::value)
        .anyMatch(
            value ->
                value.isEmpty() || value.getAsDouble() < middle.orElse(Double.NEGATIVE_INFINITY));
  }
}
