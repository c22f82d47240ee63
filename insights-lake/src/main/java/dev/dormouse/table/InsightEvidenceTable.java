package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

/** {@code insight_evidence}: which runs each insight rests on. */
public final class InsightEvidenceTable {
  public static final Table TABLE =
      Table.named("insight_evidence", Table.Writer.SPARK, "The runs that an insight rests on")
          .required("insight_id", STRING, "The insight")
          .required("run_id", STRING, "A run that it rests on")
          .required("mined_at", TIMESTAMP, "The mining, UTC")
          .key("insight_id", "run_id", "mined_at")
          .build();

  private InsightEvidenceTable() {}
}
