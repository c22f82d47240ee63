package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers the hypotheses of all sources for a campaign. */
public final class Hypotheses {
  /** Arms with a higher failure rate are not tried. */
  public static final double LIKELY_TO_FAIL = 0.5;

  /** In noise sds: standard deviation of the gain of a move without evidence. */
  private static final double BLIND_MOVE_SD = 2;

  private Hypotheses() {}

  /**
   * Returns each hypothesis once, not yet ranked. Hypotheses with the same arm are merged: the
   * first source gets it, and it cites the evidence of all. If history and research propose fewer
   * than validation can try, one-step moves on the search space's grid are added, with source
   * surrogate.
   */
  public static List<Hypothesis> generate(PlanningContext context) {
    List<Hypothesis> ideas = new ArrayList<>();
    if (context.spec().sources().history()) {
      ideas.addAll(new HistoryIdeas(context).all());
    }
    if (context.spec().sources().research()) {
      ideas.addAll(new ResearchIdeas(context).all());
    }
    List<Hypothesis> distinct = distinct(ideas);
    if (distinct.size() >= context.spec().trials(Phase.VALIDATION)) {
      return distinct;
    }
    List<Hypothesis> filled = new ArrayList<>(distinct);
    filled.addAll(blindMoves(context));
    return distinct(filled);
  }

  private static List<Hypothesis> distinct(List<Hypothesis> ideas) {
    Map<Arm, Hypothesis> byArm = new LinkedHashMap<>();
    ideas.forEach(idea -> byArm.merge(idea.arm(), idea, Hypotheses::citingBoth));
    return List.copyOf(byArm.values());
  }

  private static Hypothesis citingBoth(Hypothesis first, Hypothesis second) {
    Set<String> evidence = new LinkedHashSet<>(first.evidence());
    evidence.addAll(second.evidence());
    return new Hypothesis(
        first.hypothesisId(),
        first.source(),
        first.claim(),
        first.rationale(),
        first.arm(),
        first.changes(),
        List.copyOf(evidence),
        first.forecast(),
        first.score(),
        first.terms(),
        first.duplicateOf());
  }

  private static List<Hypothesis> blindMoves(PlanningContext context) {
    Arm baseline = context.spec().baseline();
    Drafts drafts = new Drafts(context);
    List<Hypothesis> moves = new ArrayList<>();
    for (Parameter parameter : context.spec().searchSpace().parameters().values()) {
      for (String value : nextValues(parameter, baseline)) {
        drafts
            .draft(
                Source.SURROGATE,
                baseline.with(parameter.name(), value),
                "A step of the search space; neither history nor research says anything of it",
                List.of(),
                0,
                BLIND_MOVE_SD * context.noiseSd())
            .ifPresent(moves::add);
      }
    }
    return moves;
  }

  private static List<String> nextValues(Parameter parameter, Arm baseline) {
    String now = baseline.value(parameter.name()).orElse("");
    Optional<String> up = SpaceProjection.step(parameter, now, true);
    Optional<String> down = SpaceProjection.step(parameter, now, false);
    if (up.isEmpty() && down.isEmpty()) {
      return parameter.grid();
    }
    List<String> next = new ArrayList<>();
    up.ifPresent(next::add);
    down.ifPresent(next::add);
    return next;
  }
}
