package dev.dormouse.campaign;

import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.RunStatus;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The classified end of a training run.
 *
 * @param status how it ended
 * @param metrics final metrics by name; empty if there are none
 * @param curve learning curve, in order of step
 * @param startedAt when it began
 * @param finishedAt when it ended
 * @param costMicros its cost in micro-GPU-hours
 * @param rule the runbook's rule that recognised how it ended
 * @param detail for a failure: the most telling line of the log; else empty
 */
@RecordBuilder
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
