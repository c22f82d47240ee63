package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.search.Surrogate.ScoredArm;
import java.util.ArrayList;
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
import java.util.function.ToDoubleFunction;

/**
 * Chooses arms since version 4 of the rules. All phases choose from the same candidates: the plan's
 * hypotheses, the arms that it forecasts and the arms around the best results. The surrogate orders
 * them by expected improvement, discounted by the risk and cost of a run.
 */
final class CandidateSearch {
  /** Weak, because a campaign is judged by what it finds. */
  private static final double COST_POWER = 0.2;

  /** Factor of the expected improvement of a stack whose parts come from different sources. */
  private static final double ACROSS = 1.25;

  private static final int NEIGHBOURHOODS = 3;

  private final ProposalContext context;
  private final Map<Arm, Hypothesis> hypotheses = new LinkedHashMap<>();
  private final CandidateForecasts forecasts;
  private final double meanCost;

  CandidateSearch(ProposalContext context) {
    this.context = context;
    context.plan().hypotheses().forEach(h -> hypotheses.putIfAbsent(h.arm(), h));
    this.forecasts = context.candidateForecasts();
    this.meanCost = planned().stream().mapToLong(ArmForecast::costMicros).average().orElse(0);
  }

  private List<ArmForecast> planned() {
    return context.forecasts().map(ArmForecasts::arms).orElse(List.of());
  }

  /** Returns at most {@code count} arms for a phase of the search, best first. */
  List<Proposal> propose(Phase phase, int count) {
    if (phase == Phase.VALIDATION && hasNoResultOfSearch()) {
      List<Proposal> planned =
          admitted(hypotheses.keySet()).stream()
              .limit(count)
              .map(arm -> Proposals.proposal(hypotheses.get(arm)))
              .toList();
      if (!planned.isEmpty()) {
        return planned;
      }
    }
    List<Combinations.Winner> winners = Combinations.winners(context);
    Set<Arm> all = candidates();
    List<Arm> candidates = admitted(all);
    if (phase == Phase.VALIDATION) {
      // Stacks wait for combination, which compares them with their parts.
      candidates.removeIf(arm -> !hypotheses.containsKey(arm) && parents(arm, winners).size() > 1);
    }
    if (Measured.of(context).isEmpty()) {
      return ordered(candidates, count);
    }
    Set<String> pending = context.pendingConfigIds();
    Surrogate surrogate =
        new Surrogate(
            context,
            forecasts,
            candidates,
            all.stream().filter(arm -> pending.contains(arm.configId())).toList());
    List<Proposal> proposals = new ArrayList<>();
    if (phase == Phase.VALIDATION) {
      proposals.addAll(ReservedSlots.due(context, count, surrogate::shareOfBest));
    } else if (phase == Phase.COMBINATION) {
      proposals.addAll(stacks(surrogate, winners, count));
    }
    best(surrogate, candidates, count - proposals.size()).forEach(proposals::add);
    Set<Arm> chosen = new HashSet<>();
    return proposals.stream().filter(p -> chosen.add(p.arm())).limit(count).toList();
  }

  /**
   * Returns stacks that promise more than each of their parts. Pairs come first, since only a pair
   * shows whether two gains add up; of as many parts, those most worth trying.
   */
  private List<Proposal> stacks(Surrogate surrogate, List<Combinations.Winner> winners, int count) {
    return untriedStacks().stream()
        .filter(stack -> promisesMore(surrogate, stack.arm(), parents(stack.arm(), winners)))
        .sorted(
            Comparator.<Proposal>comparingInt(stack -> parents(stack.arm(), winners).size())
                .thenComparing(stack -> -worth(surrogate, stack.arm(), winners)))
        .limit(count)
        .toList();
  }

  /**
   * Returns what a stack may gain beyond the incumbent, weighted. Changes that different sources
   * proposed are the most likely to act in different ways.
   */
  private double worth(Surrogate surrogate, Arm stack, List<Combinations.Winner> winners) {
    return surrogate.expectation(stack).expectedImprovement()
        * weight(stack)
        * (isAcrossSources(parents(stack, winners)) ? ACROSS : 1);
  }

  private boolean isAcrossSources(List<Arm> parents) {
    return parents.stream()
            .map(parent -> Optional.ofNullable(hypotheses.get(parent)).map(Hypothesis::source))
            .distinct()
            .count()
        > 1;
  }

  private List<Proposal> best(Surrogate surrogate, List<Arm> arms, int count) {
    return surrogate.best(arms, count, Surrogate::expectedImprovement, this::weight).stream()
        .map(this::proposal)
        .toList();
  }

  /** Whether nothing but the baseline has a result. */
  private boolean hasNoResultOfSearch() {
    Arm baseline = context.spec().baseline();
    return context.tried().stream().allMatch(trial -> trial.arm().equals(baseline));
  }

  /** Returns the arms by their forecasts: there is no result yet to compare them with. */
  private List<Proposal> ordered(List<Arm> candidates, int count) {
    return candidates.stream()
        .sorted(Comparator.comparingDouble(arm -> -forecasts.gain(arm)))
        .limit(count)
        .map(
            arm ->
                new Proposal(
                    arm,
                    Source.HISTORY,
                    Optional.empty(),
                    Optional.of(forecasts.gain(arm)),
                    "the forecast of past studies is the highest"))
        .toList();
  }

  private List<Proposal> untriedStacks() {
    Set<String> taken = taken();
    return stacks().stream().filter(stack -> !taken.contains(stack.arm().configId())).toList();
  }

  /** Returns the stacks of winners whose model uses all that they change. */
  private List<Proposal> stacks() {
    return Combinations.propose(context).stream()
        .filter(
            stack ->
                context
                    .ignored()
                    .effective(stack.arm(), context.spec().baseline())
                    .equals(stack.arm()))
        .toList();
  }

  /** Returns the winners all of whose changes an arm has. */
  private List<Arm> parents(Arm arm, List<Combinations.Winner> winners) {
    Arm baseline = context.spec().baseline();
    Set<Change> changes = Set.copyOf(arm.changesFrom(baseline));
    return winners.stream()
        .filter(winner -> changes.containsAll(winner.changes()))
        .map(winner -> baseline.with(winner.changes()))
        .toList();
  }

  private static boolean promisesMore(Surrogate surrogate, Arm stack, List<Arm> parents) {
    double expected = surrogate.expectation(stack).mean();
    return parents.stream().allMatch(parent -> expected > surrogate.expectation(parent).mean());
  }

  private Set<Arm> candidates() {
    SearchSpace space = context.spec().searchSpace();
    Set<Arm> arms = new LinkedHashSet<>(hypotheses.keySet());
    planned().forEach(forecast -> arms.add(forecast.arm()));
    arms.addAll(space.arms());
    stacks().forEach(stack -> arms.add(stack.arm()));
    Neighbours neighbours = new Neighbours(space, context.spec().baseline(), context.ignored());
    for (Arm leader : leaders()) {
      arms.addAll(neighbours.oneMove(leader));
      arms.addAll(neighbours.twoMoves(leader));
    }
    return arms;
  }

  /** Returns the arms with the best results, earlier runs of the study included. */
  private List<Arm> leaders() {
    Map<Arm, List<Double>> values = new LinkedHashMap<>();
    for (Measured measured : Measured.of(context)) {
      values.computeIfAbsent(measured.arm(), a -> new ArrayList<>()).add(measured.value());
    }
    ToDoubleFunction<Arm> mean =
        arm -> values.get(arm).stream().mapToDouble(v -> v).average().orElseThrow();
    return values.keySet().stream()
        .sorted(Comparator.comparingDouble(arm -> -mean.applyAsDouble(arm)))
        .limit(NEIGHBOURHOODS)
        .toList();
  }

  /** Returns the arms that may be tried: inside the space, not tried and not known yet. */
  private List<Arm> admitted(Iterable<Arm> arms) {
    Set<String> taken = taken();
    List<Arm> admitted = new ArrayList<>();
    for (Arm arm : arms) {
      if (context.spec().searchSpace().admits(arm, context.spec().baseline())
          && taken.add(arm.configId())) {
        admitted.add(arm);
      }
    }
    return admitted;
  }

  private Set<String> taken() {
    Set<String> taken = new HashSet<>(context.pendingConfigIds());
    context.tried().forEach(trial -> taken.add(trial.arm().configId()));
    context.known().forEach(known -> taken.add(known.arm().configId()));
    return taken;
  }

  /** Returns the factor of an arm's expected improvement: its runs end well, and cheaply. */
  private double weight(Arm arm) {
    Optional<ArmForecast> forecast = forecasts.of(arm);
    double succeeds = 1 - forecast.map(ArmForecast::pFailure).orElse(0.0);
    double cost = forecast.map(ArmForecast::costMicros).orElse(0L);
    return meanCost > 0 && cost > 0 ? succeeds * Math.pow(cost / meanCost, -COST_POWER) : succeeds;
  }

  private Proposal proposal(ScoredArm scored) {
    OptionalDouble control = TrialValues.mean(context.tried(), context.spec().baseline());
    Proposal proposal =
        new Proposal(
            scored.arm(),
            Source.SURROGATE,
            Optional.empty(),
            control.isEmpty()
                ? Optional.empty()
                : Optional.of(scored.mean() - control.getAsDouble()),
            String.format(
                Locale.ROOT,
                "the surrogate expects %.5f +- %.5f, an expected improvement of %.5f",
                scored.mean(),
                scored.sd(),
                scored.expectedImprovement()));
    Hypothesis named = hypotheses.get(scored.arm());
    return named == null ? proposal : Proposals.proposal(named).withForecastOf(proposal);
  }
}
