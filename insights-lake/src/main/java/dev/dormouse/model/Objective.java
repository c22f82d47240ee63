package dev.dormouse.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a campaign improves.
 *
 * @param metric the metric's name, as the trainer writes it, e.g. {@code auc}
 * @param direction whether higher or lower values are better
 * @param minGain the smallest useful gain, in metric units, at least 0
 */
public record Objective(String metric, Direction direction, double minGain) {
  /** Whether higher or lower values are better. */
  public enum Direction {
    MAXIMIZE,
    MINIMIZE;

    /** Returns the name that files and tables use. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the direction with this name, in upper or lower case; empty if there is none. */
    public static Optional<Direction> fromId(String id) {
      return Arrays.stream(values()).filter(each -> each.id().equalsIgnoreCase(id)).findFirst();
    }

    /** Returns 1 if higher values are better, -1 if lower ones are. */
    public int orientation() {
      return this == MAXIMIZE ? 1 : -1;
    }

    /** Returns the other direction. */
    public Direction opposite() {
      return this == MAXIMIZE ? MINIMIZE : MAXIMIZE;
    }
  }

  public Objective {
    if (metric.isBlank()) {
      throw new IllegalArgumentException("An objective needs a metric");
    }
    if (!(minGain >= 0)) {
      throw new IllegalArgumentException("min_gain is " + minGain + "; it must be at least 0");
    }
  }

  /** Returns what is known of the metric, with the direction that the campaign states. */
  public Metric asMetric() {
    return Metric.stated(metric, direction, Metric.Basis.OBJECTIVE);
  }

  /**
   * Returns the gain of {@code value} over {@code baseline}, in metric units; above 0 is better.
   */
  public double gain(double value, double baseline) {
    return direction == Direction.MAXIMIZE ? value - baseline : baseline - value;
  }
}
