package dev.dormouse.runbook;

import dev.dormouse.model.Metric;
import java.util.Collections;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a training run left behind.
 *
 * @param exitCode exit code of the training command; empty if it left none (killed with its
 *     wrapper, machine lost)
 * @param end who ended it
 * @param metric the objective's metric
 * @param metrics final metrics, empty if there is no result
 * @param logTail the last lines of its log
 */
public record Symptoms(
    OptionalInt exitCode,
    End end,
    Metric metric,
    SortedMap<String, Double> metrics,
    String logTail) {
  /** Who ended a run. */
  public enum End {
    /** The run itself, or nobody knows. */
    ITSELF,
    /** The wrapper, at the time limit. */
    TIMED_OUT,
    /** The campaign, on purpose. */
    STOPPED
  }

  public Symptoms {
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
  }

  /** Returns the final value of the objective's metric, if there is one. */
  OptionalDouble value() {
    Double value = metrics.get(metric.name());
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
