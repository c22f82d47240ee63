package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import dev.dormouse.model.Thresholds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Proposes arms that combine the changes whose trials beat the baseline. */
final class Combinations {
  /** Changes that beat the baseline, with their shrunken gain in metric units. */
  record Winner(List<Change> changes, double gain) {
    /** Returns both together; empty if they set one parameter to different values. */
    Optional<Winner> combinedWith(Winner other) {
      Map<String, Change> byParameter = new LinkedHashMap<>();
      changes.forEach(change -> byParameter.put(change.parameter(), change));
      for (Change change : other.changes) {
        Change present = byParameter.putIfAbsent(change.parameter(), change);
        if (present != null && !present.equals(change)) {
          return Optional.empty();
        }
      }
      return Optional.of(new Winner(List.copyOf(byParameter.values()), gain + other.gain));
    }
  }

  private Combinations() {}

  /**
   * Returns pairs of winners, best first; since version 4 of the rules triples, too; then the
   * combination of all that are compatible.
   */
  static List<Proposal> propose(ProposalContext context) {
    Arm baseline = context.spec().baseline();
    List<Winner> winners = winners(context);
    List<Winner> pairs = combined(winners, winners);
    Set<Winner> stacks = new LinkedHashSet<>(pairs);
    if (context.rules() >= ProposalContext.CANDIDATES) {
      stacks.addAll(combined(pairs, winners));
    }
    allCombined(winners).ifPresent(stacks::add);
    return stacks.stream()
        .filter(
            stack -> context.spec().searchSpace().admits(baseline.with(stack.changes()), baseline))
        .map(stack -> proposal(baseline, stack))
        .toList();
  }

  /** Returns the hypotheses that beat the baseline by more than noise explains, best first. */
  static List<Winner> winners(ProposalContext context) {
    Arm baseline = context.spec().baseline();
    OptionalDouble control = TrialValues.mean(context.tried(), baseline);
    if (control.isEmpty()) {
      return List.of();
    }
    Map<Arm, Double> gains = new LinkedHashMap<>();
    for (EvaluatedTrial tried : context.tried()) {
      if (tried.phase() == Phase.VALIDATION && !tried.arm().equals(baseline)) {
        TrialValues.mean(context.tried(), tried.arm())
            .ifPresent(mean -> gains.put(tried.arm(), mean - control.getAsDouble()));
      }
    }
    List<Winner> winners = new ArrayList<>();
    gains.forEach(
        (arm, gain) -> {
          double shrunk = gain * shrinkage(context, arm, gains);
          if (shrunk > Thresholds.PROMISING * context.noiseSd()) {
            winners.add(new Winner(arm.changesFrom(baseline), shrunk));
          }
        });
    winners.sort(Comparator.comparingDouble(Winner::gain).reversed());
    return context.rules() >= ProposalContext.CANDIDATES ? simple(context, winners) : winners;
  }

  /** Leaves out winners that have another one's changes and more, but hardly gain more. */
  private static List<Winner> simple(ProposalContext context, List<Winner> winners) {
    double more = Thresholds.PROMISING * context.noiseSd();
    return winners.stream()
        .filter(
            winner ->
                winners.stream()
                    .noneMatch(
                        part ->
                            part.changes().size() < winner.changes().size()
                                && winner.changes().containsAll(part.changes())
                                && winner.gain() - part.gain() < more))
        .toList();
  }

  /** Returns the share of a measured gain to keep: between-arm variance over total variance. */
  private static double shrinkage(ProposalContext context, Arm arm, Map<Arm, Double> gains) {
    double noise = context.noiseSd() * context.noiseSd();
    double error =
        noise / TrialValues.count(context.tried(), arm)
            + noise / TrialValues.count(context.tried(), context.spec().baseline());
    double meanSquare = gains.values().stream().mapToDouble(g -> g * g).average().orElse(0);
    double between = Math.max(meanSquare - error, noise);
    return between / (between + error);
  }

  /** Returns stacks with one more winner each that is not part of them, best first. */
  private static List<Winner> combined(List<Winner> stacks, List<Winner> winners) {
    Map<Set<Change>, Winner> combined = new LinkedHashMap<>();
    for (Winner stack : stacks) {
      for (Winner winner : winners) {
        if (!stack.changes().containsAll(winner.changes())) {
          stack
              .combinedWith(winner)
              .ifPresent(
                  more -> combined.merge(Set.copyOf(more.changes()), more, Combinations::better));
        }
      }
    }
    return combined.values().stream()
        .sorted(Comparator.comparingDouble(Winner::gain).reversed())
        .toList();
  }

  private static Winner better(Winner a, Winner b) {
    return b.gain() > a.gain() ? b : a;
  }

  private static Optional<Winner> allCombined(List<Winner> winners) {
    if (winners.size() < 3) {
      return Optional.empty();
    }
    Winner stack = winners.get(0);
    for (Winner winner : winners.subList(1, winners.size())) {
      stack = stack.combinedWith(winner).orElse(stack);
    }
    return Optional.of(stack);
  }

  private static Proposal proposal(Arm baseline, Winner stack) {
    return new Proposal(
        baseline.with(stack.changes()),
        Source.COMBINATION,
        Optional.empty(),
        Optional.of(stack.gain()),
        String.format(
            Locale.ROOT,
            "%d changes that gained alone, %+.5f together if they simply add up",
            stack.changes().size(),
            stack.gain()));
  }
}
