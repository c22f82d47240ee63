package dev.dormouse.model;

import dev.dormouse.model.Objective.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which direction the metric of each study has: as stated, else as the metric's name tells. */
public final class MetricDirections {
  private static final Comparator<StatedDirection> MOST_RELIABLE_FIRST =
      Comparator.comparing(StatedDirection::basis)
          .thenComparing(StatedDirection::direction)
          .thenComparing(StatedDirection::origin);

  /** Nothing is stated. */
  public static final MetricDirections NONE = new MetricDirections(List.of());

  private final SortedMap<String, StatedDirection> byStudy = new TreeMap<>();

  public MetricDirections(List<StatedDirection> all) {
    all.stream()
        .sorted(MOST_RELIABLE_FIRST)
        .forEach(stated -> byStudy.putIfAbsent(stated.study(), stated));
  }

  /** Returns the most reliable statement on each study that has one, by study. */
  public SortedMap<String, StatedDirection> byStudy() {
    return Collections.unmodifiableSortedMap(byStudy);
  }

  /**
   * Returns what is known of a study's metric: what is stated for the study, else what the
   * catalogue has, else what all other statements on the metric agree in, else a guess by the name.
   */
  public Metric of(String study, String metric) {
    StatedDirection own = byStudy.get(study);
    return own == null ? of(metric) : Metric.stated(metric, own.direction(), own.basis());
  }

  /** As {@link #of(String, String)}, for a study on which nothing is stated. */
  public Metric of(String metric) {
    Metric named = Metric.named(metric);
    List<StatedDirection> elsewhere = statements(metric);
    Set<Direction> directions =
        elsewhere.stream().map(StatedDirection::direction).collect(Collectors.toSet());
    // One wrong statement must not turn a well-known metric in all other studies.
    return named.basis() != Metric.Basis.CATALOGUE && directions.size() == 1
        ? Metric.stated(metric, elsewhere.get(0).direction(), elsewhere.get(0).basis())
        : named;
  }

  /** Returns the statement on a study, if there is one with the opposite direction. */
  public Optional<StatedDirection> opposing(String study, Direction direction) {
    return Optional.ofNullable(byStudy.get(study)).filter(own -> own.direction() != direction);
  }

  /** Returns a statement with the opposite direction on any study of a metric. */
  public Optional<StatedDirection> opposingAnywhere(String metric, Direction direction) {
    return statements(metric).stream().filter(s -> s.direction() != direction).findFirst();
  }

  private List<StatedDirection> statements(String metric) {
    return byStudy.values().stream().filter(s -> s.metric().equals(metric)).toList();
  }

  /** Returns these directions and one more. */
  public MetricDirections with(StatedDirection stated) {
    List<StatedDirection> all = new ArrayList<>(byStudy.values());
    all.add(stated);
    return new MetricDirections(all);
  }
}
