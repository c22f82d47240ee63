package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.Phase;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.search.Posterior.Prediction;
import dev.dormouse.search.Surrogate.ScoredArm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Proposes the arms to try next. Pure and deterministic: the same context gives the same arms. No
 * arm lies outside the search space, was tried or is being trained.
 */
public final class Proposals {
  private static final int NEIGHBOURHOODS = 3;
  private static final int MOST_CANDIDATES = 700;

  private Proposals() {}

  /**
   * Returns at most {@code count} arms for a phase, best first; fewer or none if the phase has
   * nothing left to try.
   *
   * @throws IllegalArgumentException for a phase that trains fixed arms (baseline, confirmation)
   */
  public static List<Proposal> propose(Phase phase, ProposalContext context, int count) {
    if (count <= 0) {
      return List.of();
    }
    if (context.rules() >= ProposalContext.CANDIDATES && phase.isSearch()) {
      return new CandidateSearch(context).propose(phase, count);
    }
    return switch (phase) {
      case VALIDATION ->
          context.hasListedArms() && hasResults(context)
              ? reorderedByResults(context, count)
              : untriedOf(planned(context), context, count);
      case COMBINATION ->
          context.hasListedArms()
              ? bestListed(context, count)
              : untriedOf(Combinations.propose(context), context, count);
      case EXPLOITATION -> best(context, count, Surrogate::expectedImprovement, Source.SURROGATE);
      case BASELINE, CONFIRMATION ->
          throw new IllegalArgumentException(
              "Phase " + phase.id() + " trains fixed arms; nothing is proposed for it");
    };
  }

  private static List<Proposal> planned(ProposalContext context) {
    SearchSpace space = context.spec().searchSpace();
    return context.plan().hypotheses().stream()
        .filter(hypothesis -> space.admits(hypothesis.arm(), context.spec().baseline()))
        .map(Proposals::proposal)
        .toList();
  }

  private static boolean hasResults(ProposalContext context) {
    return SurrogateRules.of(context.rules()) != SurrogateRules.FIRST && !context.tried().isEmpty();
  }

  /**
   * Orders listed arms by the surrogate. Every listed arm is a hypothesis, far more than can be
   * tried, and the campaign's own results order them better than the plan.
   */
  private static List<Proposal> reorderedByResults(ProposalContext context, int count) {
    Map<Arm, Proposal> planned =
        planned(context).stream()
            .collect(Collectors.toMap(Proposal::arm, Function.identity(), (a, b) -> a));
    Surrogate surrogate = surrogate(context);
    List<Proposal> reordered =
        new ArrayList<>(ReservedSlots.due(context, count, surrogate::shareOfBest));
    List<ScoredArm> best = surrogate.best(count, Surrogate::expectedImprovement);
    reordered.addAll(
        best.stream()
            .map(scored -> proposal(context, scored, Source.SURROGATE))
            .map(
                proposal ->
                    Optional.ofNullable(planned.get(proposal.arm()))
                        .map(hypothesis -> hypothesis.withForecastOf(proposal))
                        .orElse(proposal))
            .toList());
    return untriedOf(reordered, context, count);
  }

  static Proposal proposal(Hypothesis hypothesis) {
    return new Proposal(
        hypothesis.arm(),
        hypothesis.source(),
        Optional.of(hypothesis.hypothesisId()),
        Optional.of(hypothesis.forecast().gain()),
        hypothesis.claim());
  }

  private static List<Proposal> untriedOf(
      List<Proposal> proposals, ProposalContext context, int count) {
    Set<String> taken = taken(context);
    List<Proposal> untried = new ArrayList<>();
    for (Proposal proposal : proposals) {
      if (untried.size() < count && taken.add(proposal.arm().configId())) {
        untried.add(proposal);
      }
    }
    return untried;
  }

  /** Returns the configurations that were tried or are being trained. */
  private static Set<String> taken(ProposalContext context) {
    Set<String> taken = new HashSet<>(context.pendingConfigIds());
    context.tried().forEach(tried -> taken.add(tried.arm().configId()));
    return taken;
  }

  /** Searches the list, since changes of listed arms cannot be combined. */
  private static List<Proposal> bestListed(ProposalContext context, int count) {
    return SurrogateRules.of(context.rules()) == SurrogateRules.FIRST
        ? best(context, count, (prediction, toBeat) -> prediction.mean(), Source.COMBINATION)
        : best(context, count, Surrogate::expectedImprovement, Source.COMBINATION);
  }

  private static List<Proposal> best(
      ProposalContext context,
      int count,
      BiFunction<Prediction, Double, Double> value,
      Source source) {
    return surrogate(context).best(count, value).stream()
        .map(scored -> proposal(context, scored, source))
        .toList();
  }

  private static Surrogate surrogate(ProposalContext context) {
    Collection<Arm> around =
        context.hasListedArms() ? context.spec().searchSpace().arms() : neighbourhood(context);
    Set<String> pending = context.pendingConfigIds();
    return new Surrogate(
        context,
        untried(context, around),
        around.stream().filter(arm -> pending.contains(arm.configId())).toList());
  }

  private static Proposal proposal(ProposalContext context, ScoredArm scored, Source source) {
    OptionalDouble control = TrialValues.mean(context.tried(), context.spec().baseline());
    return new Proposal(
        scored.arm(),
        source,
        Optional.empty(),
        control.isEmpty() ? Optional.empty() : Optional.of(scored.mean() - control.getAsDouble()),
        String.format(
            Locale.ROOT,
            "the surrogate expects %.5f +- %.5f, an expected improvement of %.5f",
            scored.mean(),
            scored.sd(),
            scored.expectedImprovement()));
  }

  /** Returns the planned hypotheses and the neighbours of the best arms. */
  private static Set<Arm> neighbourhood(ProposalContext context) {
    SearchSpace space = context.spec().searchSpace();
    Set<Arm> arms = new LinkedHashSet<>();
    context.plan().hypotheses().forEach(hypothesis -> arms.add(hypothesis.arm()));
    List<Arm> best = bestArms(context);
    Neighbours neighbours =
        new Neighbours(space, context.spec().baseline(), IgnoredParameters.NONE);
    best.forEach(arm -> arms.addAll(neighbours.oneMove(arm)));
    best.forEach(arm -> arms.addAll(neighbours.twoMoves(arm)));
    return arms;
  }

  private static List<Arm> bestArms(ProposalContext context) {
    Map<Arm, Double> means = new LinkedHashMap<>();
    for (EvaluatedTrial tried : context.tried()) {
      TrialValues.mean(context.tried(), tried.arm())
          .ifPresent(mean -> means.put(tried.arm(), mean));
    }
    means.putIfAbsent(context.spec().baseline(), Double.NEGATIVE_INFINITY);
    return means.entrySet().stream()
        .sorted(Map.Entry.<Arm, Double>comparingByValue(Comparator.reverseOrder()))
        .limit(NEIGHBOURHOODS)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<Arm> untried(ProposalContext context, Iterable<Arm> arms) {
    Set<String> taken = taken(context);
    Arm baseline = context.spec().baseline();
    boolean listed = context.hasListedArms();
    List<Arm> untried = new ArrayList<>();
    for (Arm arm : arms) {
      boolean inside = listed || context.spec().searchSpace().admits(arm, baseline);
      if ((listed || untried.size() < MOST_CANDIDATES) && inside && taken.add(arm.configId())) {
        untried.add(arm);
      }
    }
    return untried;
  }
}
