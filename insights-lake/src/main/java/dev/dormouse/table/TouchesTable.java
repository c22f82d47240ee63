package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.LONG;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

/** {@code touches}: human actions, counted. */
public final class TouchesTable {
  public static final Table TABLE =
      Table.named("touches", Table.Writer.KERNEL, "Human actions on campaigns")
          .required("campaign_id", STRING, "The campaign")
          .required("seq", LONG, "The control event that records it")
          .required(
              "kind", STRING, "What was done: create, approve, reject, pause, resume, halt, budget")
          .required("touched_by", STRING, "Who")
          .required("touched_at", TIMESTAMP, "When, UTC")
          .required("channel", STRING, "How: file, cli, airflow, mlflow")
          .required("detail", STRING, "Details for people")
          .key("campaign_id", "seq")
          .check(Check.atLeast("seq", 1))
          .build();

  private TouchesTable() {}
}
