package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.DOUBLE;
import static dev.dormouse.table.ColumnType.LONG;
import static dev.dormouse.table.ColumnType.STRING;

import dev.dormouse.model.MetricPoint;

/** {@code run_metrics}: learning curves, one point a row. */
public final class RunMetricsTable {
  public static final Table TABLE =
      Table.named(
              "run_metrics",
              Table.Writer.KERNEL,
              "Learning curves: one point of one metric of one run")
          .required("run_id", STRING, "The run")
          .required("metric", STRING, "Name of the metric")
          .required("step", LONG, "Step or evaluation index, rising")
          .required("value", DOUBLE, "Value after that step")
          .key("run_id", "metric", "step")
          .check(Check.atLeast("step", 0))
          .build();

  private RunMetricsTable() {}

  /** Returns the row of a learning curve point. */
  public static TableRow encode(String runId, MetricPoint point) {
    return TableRow.of(TABLE)
        .set("run_id", runId)
        .set("metric", point.metric())
        .set("step", point.step())
        .set("value", point.value())
        .build();
  }
}
