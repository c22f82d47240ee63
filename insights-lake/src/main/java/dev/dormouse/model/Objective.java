package dev.dormouse.model;

/**
 * What a campaign improves.
 *
 * @param metric the metric's name, as the trainer writes it, e.g. {@code auc}
 * @param direction whether more or less of it is better
 * @param minGain the smallest gain worth having, in metric units, at least 0
 */
public record Objective(String metric, Direction direction, double minGain) {
  /** Whether more or less is better. */
  public enum Direction {
    MAXIMIZE,
    MINIMIZE
  }

  public Objective {
    if (metric.isBlank()) {
      throw new IllegalArgumentException("An objective needs a metric");
    }
    if (!(minGain >= 0)) {
      throw new IllegalArgumentException("min_gain is " + minGain + "; it must be at least 0");
    }
  }

  /** The gain of {@code value} over {@code baseline}: positive means better, in metric units. */
  public double gain(double value, double baseline) {
    return direction == Direction.MAXIMIZE ? value - baseline : baseline - value;
  }
}
