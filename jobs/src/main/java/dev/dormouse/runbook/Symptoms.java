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
 * @param timedOut whether the wrapper stopped it at its time limit
 * @param metric the metric of the objective
 * @param metrics final metrics, empty if there is no result
 * @param logTail the last lines of its log
 */
public record Symptoms(
    OptionalInt exitCode,
    boolean timedOut,
    String metric,
    SortedMap<String, Double> metrics,
    String logTail) {
  public Symptoms {
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
  }
}
