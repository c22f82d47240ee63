package dev.dormouse.report;

import dev.dormouse.model.Change;
import dev.dormouse.stats.Samples;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Synergy of changes: the gain of a combination minus the sum of the gains of its parts. A part is
 * a change, or several that were measured together. Pure.
 *
 * @param changes the rows and columns of the matrix: changes that were measured alone, those that
 *     were combined first, then by gain
 * @param rows the lower triangle of the matrix, with the gain of each change alone on the diagonal
 * @param combinations every combination whose parts were all measured
 */
record Synergy(List<Single> changes, List<List<Cell>> rows, List<Combination> combinations) {
  private static final int MOST = 8;

  /** A change that was measured alone. */
  record Single(String what, String anchor, double gain) {}

  /**
   * A cell of the matrix.
   *
   * @param style {@code alone}, {@code untried}, {@code same} (two values of one parameter), {@code
   *     unclear}, {@code more} or {@code less}
   */
  record Cell(String text, String style, String anchor, String title) {}

  /** A combination beside the sum of its parts. */
  record Combination(
      String what, String anchor, String sum, String joint, String synergy, String interval) {}

  private record Measured(ArmResult arm, String anchor) {
    double gain() {
      return arm.gain().orElseThrow().mean();
    }

    Set<Change> changes() {
      return Set.copyOf(arm.changes());
    }
  }

  private record Sum(double synergy, double half, double parts) {}

  static Synergy of(CampaignResults results) {
    Map<Set<Change>, Measured> measured = new HashMap<>();
    int number = 1;
    List<Measured> inOrder = new ArrayList<>();
    for (ArmResult arm : results.arms()) {
      Measured one = new Measured(arm, ReportRuns.arm(number++));
      if (arm.gain().isPresent()) {
        measured.put(one.changes(), one);
        inOrder.add(one);
      }
    }
    Set<Change> combined = new HashSet<>();
    List<Combination> combinations = new ArrayList<>();
    for (Measured joint : inOrder) {
      sum(joint, measured, results)
          .ifPresent(
              sum -> {
                combined.addAll(joint.changes());
                combinations.add(combination(joint, sum));
              });
    }
    List<Measured> singles =
        inOrder.stream()
            .filter(one -> one.arm().changes().size() == 1)
            .sorted(
                Comparator.comparing((Measured one) -> !combined.containsAll(one.changes()))
                    .thenComparing(one -> -one.gain()))
            .limit(MOST)
            .toList();
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = 0; i < singles.size(); i++) {
      List<Cell> row = new ArrayList<>();
      for (int j = 0; j <= i; j++) {
        row.add(
            i == j
                ? new Cell(
                    Numbers.gain(singles.get(i).gain()), "alone", singles.get(i).anchor(), "alone")
                : pair(singles.get(i), singles.get(j), measured, results));
      }
      rows.add(List.copyOf(row));
    }
    return new Synergy(
        singles.stream().map(s -> new Single(s.arm().label(), s.anchor(), s.gain())).toList(),
        List.copyOf(rows),
        List.copyOf(combinations));
  }

  private static Cell pair(
      Measured one, Measured other, Map<Set<Change>, Measured> measured, CampaignResults results) {
    Set<Change> both = new HashSet<>(one.changes());
    both.addAll(other.changes());
    if (both.stream().map(Change::parameter).distinct().count() < 2) {
      return new Cell("", "same", "", "two values of one parameter");
    }
    Measured joint = measured.get(both);
    if (joint == null) {
      return new Cell("·", "untried", "", "not tried together");
    }
    Sum sum = sum(joint, measured, results).orElseThrow();
    String style =
        Math.abs(sum.synergy()) > sum.half() ? (sum.synergy() > 0 ? "more" : "less") : "unclear";
    return new Cell(Numbers.gain(sum.synergy()), style, joint.anchor(), interval(sum));
  }

  /** Returns the synergy of a combination; empty unless each of its parts was measured. */
  private static Optional<Sum> sum(
      Measured joint, Map<Set<Change>, Measured> measured, CampaignResults results) {
    List<Measured> smaller =
        measured.values().stream()
            .filter(one -> one.changes().size() < joint.changes().size())
            .filter(one -> joint.changes().containsAll(one.changes()))
            .sorted(
                Comparator.comparingInt((Measured one) -> one.changes().size())
                    .thenComparing(one -> one.arm().label()))
            .toList();
    List<Measured> parts = parts(joint.changes(), smaller, new HashSet<>()).orElse(List.of());
    if (parts.size() < 2) {
      return Optional.empty();
    }
    double together = parts.stream().mapToDouble(Measured::gain).sum();
    // Every gain contains the baseline's mean: it counts (parts - 1) times in the difference.
    double shares =
        1.0 / joint.arm().gains().size()
            + parts.stream().mapToDouble(part -> 1.0 / part.arm().gains().size()).sum()
            + Math.pow(parts.size() - 1.0, 2) / Math.max(1, results.seeds());
    double half =
        results.noiseSd().isEmpty()
            ? Double.POSITIVE_INFINITY
            : Samples.tQuantile(results.seeds() - 1)
                * results.noiseSd().getAsDouble()
                * Math.sqrt(shares);
    return Optional.of(new Sum(joint.gain() - together, half, together));
  }

  /**
   * Returns measured arms that together have each of these changes once; the smallest first.
   *
   * @param without sets of changes that are known to have no such arms, so that each is searched
   *     once
   */
  private static Optional<List<Measured>> parts(
      Set<Change> changes, List<Measured> smaller, Set<Set<Change>> without) {
    if (changes.isEmpty()) {
      return Optional.of(List.of());
    }
    if (without.contains(changes)) {
      return Optional.empty();
    }
    Change first = changes.stream().min(Comparator.comparing(Change::parameter)).orElseThrow();
    for (Measured part : smaller) {
      if (part.changes().contains(first) && changes.containsAll(part.changes())) {
        Set<Change> left = new HashSet<>(changes);
        left.removeAll(part.changes());
        Optional<List<Measured>> others = parts(left, smaller, without);
        if (others.isPresent()) {
          List<Measured> all = new ArrayList<>(List.of(part));
          all.addAll(others.get());
          return Optional.of(all);
        }
      }
    }
    without.add(changes);
    return Optional.empty();
  }

  private static Combination combination(Measured joint, Sum sum) {
    return new Combination(
        joint.arm().label(),
        joint.anchor(),
        Numbers.gain(sum.parts()),
        Numbers.gain(joint.gain()),
        Numbers.gain(sum.synergy()),
        interval(sum));
  }

  private static String interval(Sum sum) {
    return Numbers.interval(sum.synergy() - sum.half(), sum.synergy() + sum.half());
  }
}
