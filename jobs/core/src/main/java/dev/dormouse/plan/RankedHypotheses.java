package dev.dormouse.plan;

import dev.dormouse.hypothesize.IdeaRefusal;
import dev.dormouse.model.Hypothesis;
import java.util.List;

/**
 * Hypotheses in the order in which to try them.
 *
 * @param hypotheses best first
 * @param refusals the ideas of a language model that were rejected
 */
public record RankedHypotheses(List<Hypothesis> hypotheses, List<IdeaRefusal> refusals) {
  public RankedHypotheses {
    hypotheses = List.copyOf(hypotheses);
    refusals = List.copyOf(refusals);
  }
}
