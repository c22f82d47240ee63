package dev.dormouse.campaign;

import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.RunStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a training run ended, classified.
 *
 * @param status how it ended
 * @param metrics final metrics by name, empty unless it got that far
 * @param curve learning curve, in order of step
 * @param startedAt when it began
 * @param finishedAt when it ended
 * @param costMicros what it cost, in micro-GPU-hours
 * @param rule the runbook's rule that told how it ended
 * @param detail for a failure: the line of the log that tells most, else empty
 */
public record RunOutcome(
    RunStatus status,
    SortedMap<String, Double> metrics,
    List<MetricPoint> curve,
    Instant startedAt,
    Instant finishedAt,
    long costMicros,
    String rule,
    String detail) {

  public RunOutcome {
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    curve = List.copyOf(curve);
  }
}
