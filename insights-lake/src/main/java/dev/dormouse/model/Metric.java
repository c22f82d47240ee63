package dev.dormouse.model;

import dev.dormouse.model.Objective.Direction;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of a metric.
 *
 * @param name the name, as the trainer writes it
 * @param direction whether higher or lower values are better
 * @param basis how the direction is known
 * @param range the values that it can have
 * @param chanceLevel the value of a model that learned nothing, if that is a property of the metric
 */
public record Metric(
    String name, Direction direction, Basis basis, Range range, OptionalDouble chanceLevel) {

  /**
   * A run learned nothing if its metric is not better than chance by this much. Runs that learned
   * nothing do not end at exactly the chance level.
   */
  private static final double CHANCE_MARGIN = 0.02;

  /** How the direction of a metric is known, most reliable first. */
  public enum Basis {
    /** The command line that imported the study's runs states it. */
    OPTION,
    /** The mapping file that imported the study's runs states it. */
    MAPPING,
    /** A tag of the tracking server states it. */
    TAG,
    /** The objective of a campaign in the study states it. */
    OBJECTIVE,
    /** {@link MetricCatalogue} has the name. */
    CATALOGUE,
    /** Guessed: the name resembles one that {@link MetricCatalogue} has. */
    NAME,
    /** Nothing is known; higher values are taken to be better. */
    ASSUMED;

    /** Returns the name that tables use. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the basis with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Basis fromId(String id) {
      return Arrays.stream(values())
          .filter(each -> each.id().equals(id))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("Unknown basis '" + id + "'"));
    }

    /** Returns whether somebody stated the direction, so that it is not taken from the name. */
    public boolean isStated() {
      return compareTo(CATALOGUE) < 0;
    }
  }

  /** The values that a metric can have; an absent bound does not exist. */
  public record Range(OptionalDouble low, OptionalDouble high) {
    static final Range UNBOUNDED = new Range(OptionalDouble.empty(), OptionalDouble.empty());
  }

  public Metric {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(basis, "basis");
  }

  /** Returns the metric of which only the name is known: from the catalogue, else assumed. */
  public static Metric named(String name) {
    return MetricCatalogue.find(name)
        .orElseGet(
            () ->
                new Metric(
                    name,
                    Direction.MAXIMIZE,
                    Basis.ASSUMED,
                    Range.UNBOUNDED,
                    OptionalDouble.empty()));
  }

  /**
   * Returns the metric with a stated direction. Range and chance level come from the catalogue
   * unless it has the opposite direction for the name: then the name means something else there.
   */
  public static Metric stated(String name, Direction direction, Basis basis) {
    Optional<Metric> known =
        MetricCatalogue.find(name).filter(metric -> metric.direction() == direction);
    return new Metric(
        name,
        direction,
        basis,
        known.map(Metric::range).orElse(Range.UNBOUNDED),
        known.map(Metric::chanceLevel).orElse(OptionalDouble.empty()));
  }

  /** Returns whether the direction is stated or can be told from the name. */
  public boolean isDirectionKnown() {
    return basis != Basis.ASSUMED;
  }

  /**
   * Returns the value from which on, in the direction of worse values, a model learned nothing;
   * empty if the metric has no chance level.
   */
  public OptionalDouble collapseLevel() {
    return chanceLevel.isPresent()
        ? OptionalDouble.of(chanceLevel.getAsDouble() + direction.orientation() * CHANCE_MARGIN)
        : OptionalDouble.empty();
  }

  /** Returns whether a model with this value learned nothing. */
  public boolean isCollapsed(double value) {
    OptionalDouble level = collapseLevel();
    return level.isPresent()
        && (direction == Direction.MAXIMIZE
            ? value < level.getAsDouble()
            : value > level.getAsDouble());
  }
}
