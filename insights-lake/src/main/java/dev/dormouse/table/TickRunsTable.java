package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.INT;
import static dev.dormouse.table.ColumnType.LONG;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

/** {@code tick_runs}: what each wake-up did and how long it took. */
public final class TickRunsTable {
  public static final Table TABLE =
      Table.named("tick_runs", Table.Writer.KERNEL, "Ticks that changed something, with timings")
          .required("tick_id", STRING, "The tick")
          .required("started_at", TIMESTAMP, "When it woke, UTC")
          .required("wall_ms", LONG, "How long it ran before its last commit, milliseconds")
          .required("campaigns", INT, "Open campaigns that it looked at")
          .required("observations", INT, "Training runs that it looked at")
          .required("events", INT, "Control events that it wrote")
          .required("launches", INT, "Training runs that it started")
          .required("failures", INT, "Training runs that it found failed")
          .key("tick_id")
          .check(Check.atLeast("wall_ms", 0))
          .build();

  private TickRunsTable() {}
}
