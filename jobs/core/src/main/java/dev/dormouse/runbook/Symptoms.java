package dev.dormouse.runbook;

import java.util.Collections;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a training run left behind.
 *
 * @param exitCode exit code of the training command; empty if it left none (killed with its
 *     wrapper, machine lost)
 * @param end who ended it
 * @param metric the metric of the objective
 * @param metrics final metrics, empty if there is no result
 * @param logTail the last lines of its log
 */
public record Symptoms(
    OptionalInt exitCode,
    End end,
    String metric,
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
}
