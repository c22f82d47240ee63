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
import java.util.stream.Collectors;

/**
 * Synergy of changes: the gain of a combination minus the sum of the gains of its changes. Pure.
 *
 * @param changes the rows and columns of the matrix: changes that were measured alone, those that
 *     were combined first, then by gain
 * @param rows the lower triangle of the matrix, with the gain of each change alone on the diagonal
 * @param combinations every combination whose changes were all measured alone
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

  /** Returns the synergy of a combination; empty unless each change was measured alone. */
  private static Optional<Sum> sum(
      Measured joint, Map<Set<Change>, Measured> measured, CampaignResults results) {
    List<Measured> parts =
        joint.changes().stream().map(c -> measured.get(Set.of(c))).collect(Collectors.toList());
    if (parts.size() < 2 || parts.contains(null)) {
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
