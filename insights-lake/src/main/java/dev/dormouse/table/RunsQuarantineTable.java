package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

/** {@code runs_quarantine}: rows that an import refused, never dropped silently. */
public final class RunsQuarantineTable {
  public static final Table TABLE =
      Table.named(
              "runs_quarantine", Table.Writer.SPARK, "Rows that an import refused, with the reason")
          .required("row_hash", STRING, "Hash of file, position and content")
          .required("imported_at", TIMESTAMP, "When, UTC")
          .required("origin", STRING, "File or server that the row came from")
          .required("reason", STRING, "What is wrong with it")
          .required("content", STRING, "The row as JSON")
          .key("row_hash")
          .build();

  private RunsQuarantineTable() {}
}
