package dev.dormouse.tuning;

import static java.util.Comparator.naturalOrder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;

/**
 * Splits campaigns by study family and by time: no family is in two splits, and every campaign of
 * the test split was planned after all outcomes of the other splits were known. What cannot be
 * placed is left out.
 *
 * @param campaigns the campaigns of each split, by time
 * @param leftOut campaigns that overlap the border in time, or whose family is on its other side
 */
record Splits(Map<Split, List<PastCampaign>> campaigns, List<PastCampaign> leftOut) {
  /** A split. */
  enum Split {
    TRAIN,
    VALIDATION,
    TEST;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Shares of the answers that validation and test should have. */
  private static final double VALIDATION_SHARE = 0.15;

  private static final double TEST_SHARE = 0.2;

  private static final Comparator<PastCampaign> BY_TIME =
      Comparator.comparing(PastCampaign::askedAt).thenComparing(PastCampaign::campaignId);

  Splits {
    campaigns = new EnumMap<>(campaigns);
    leftOut = List.copyOf(leftOut);
  }

  /** Returns the campaigns of a split, by time. */
  List<PastCampaign> of(Split split) {
    return campaigns.getOrDefault(split, List.of());
  }

  /**
   * Splits campaigns. There is no test split if all belong to one family, or overlap in time; the
   * same campaigns are always split alike.
   */
  static Splits of(List<PastCampaign> all) {
    List<PastCampaign> ordered = all.stream().sorted(BY_TIME).toList();
    Border best =
        ordered.stream()
            .map(PastCampaign::askedAt)
            .flatMap(time -> Border.at(time, ordered).stream())
            .max(Comparator.comparingDouble(border -> border.score(ordered)))
            .orElse(new Border(ordered, List.of()));
    Map<Split, List<PastCampaign>> splits = new EnumMap<>(Split.class);
    Set<String> validation = latestFamilies(best.before());
    splits.put(
        Split.TRAIN,
        best.before().stream().filter(one -> !validation.contains(one.family())).toList());
    splits.put(
        Split.VALIDATION,
        best.before().stream().filter(one -> validation.contains(one.family())).toList());
    splits.put(Split.TEST, best.after());
    Set<PastCampaign> placed = new HashSet<>(best.before());
    placed.addAll(best.after());
    return new Splits(splits, ordered.stream().filter(one -> !placed.contains(one)).toList());
  }

  /**
   * Returns the families of the validation split: those that ended last, as near to their share as
   * possible; at least one, but never all.
   */
  private static Set<String> latestFamilies(List<PastCampaign> campaigns) {
    Map<String, Instant> ends = new TreeMap<>();
    campaigns.forEach(
        one -> ends.merge(one.family(), one.endedAt(), BinaryOperator.maxBy(naturalOrder())));
    List<String> latestFirst = new ArrayList<>(ends.keySet());
    latestFirst.sort(Comparator.<String, Instant>comparing(ends::get).reversed());
    Set<String> chosen = new TreeSet<>();
    for (String family : latestFirst) {
      Set<String> more = new TreeSet<>(chosen);
      more.add(family);
      if (more.size() < ends.size() && miss(more, campaigns) < miss(chosen, campaigns)) {
        chosen.add(family);
      }
    }
    if (chosen.isEmpty() && ends.size() > 1) {
      latestFirst.stream()
          .min(Comparator.comparingDouble(family -> miss(Set.of(family), campaigns)))
          .ifPresent(chosen::add);
    }
    return chosen;
  }

  /** Returns how far the share of these families is from that of the validation split. */
  private static double miss(Set<String> families, List<PastCampaign> campaigns) {
    List<PastCampaign> some =
        campaigns.stream().filter(one -> families.contains(one.family())).toList();
    return Math.abs(share(some, campaigns) - VALIDATION_SHARE);
  }

  private static double share(List<PastCampaign> some, List<PastCampaign> all) {
    return (double) answers(some) / Math.max(1, answers(all));
  }

  private static int answers(List<PastCampaign> campaigns) {
    return campaigns.stream().mapToInt(one -> one.answers().size()).sum();
  }

  /** What ended before a time, and what was planned since, without common families. */
  private record Border(List<PastCampaign> before, List<PastCampaign> after) {
    /** Returns the border at a time; empty if one of its sides would be empty. */
    static Optional<Border> at(Instant time, List<PastCampaign> all) {
      Map<String, Integer> balance = new TreeMap<>();
      List<PastCampaign> before = all.stream().filter(one -> one.endedAt().isBefore(time)).toList();
      List<PastCampaign> after = all.stream().filter(one -> !one.askedAt().isBefore(time)).toList();
      before.forEach(one -> balance.merge(one.family(), one.answers().size(), Integer::sum));
      after.forEach(one -> balance.merge(one.family(), -one.answers().size(), Integer::sum));
      Border border =
          new Border(
              before.stream().filter(one -> balance.get(one.family()) >= 0).toList(),
              after.stream().filter(one -> balance.get(one.family()) < 0).toList());
      return border.before().isEmpty() || border.after().isEmpty()
          ? Optional.empty()
          : Optional.of(border);
    }

    /** Returns the share of answers that are kept, less the distance from the wanted share. */
    double score(List<PastCampaign> all) {
      double kept = share(before, all) + share(after, all);
      return kept - 2 * Math.abs(share(after, all) - TEST_SHARE * kept);
    }
  }
}
