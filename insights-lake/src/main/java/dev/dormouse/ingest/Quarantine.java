package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;

import dev.dormouse.io.SparkLake;
import dev.dormouse.table.RunsQuarantineTable;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Stores the rows that {@link RunRules} refused. */
final class Quarantine {
  private Quarantine() {}

  /**
   * Adds the refused rows that are not in the lake yet.
   *
   * @param name identifies a row together with its content: rows with equal name and content are
   *     stored once
   * @param origin source of the rows, for people
   * @param now the time to record
   * @return number of refused rows, by reason
   */
  static SortedMap<String, Long> keep(
      SparkLake lake, Dataset<Row> judged, String name, String origin, Instant now) {
    Dataset<Row> refused = judged.where(col(RunRules.REASON).isNotNull());
    SortedMap<String, Long> reasons = counts(refused, RunRules.REASON);
    if (reasons.isEmpty()) {
      return reasons;
    }
    // Numbers equal rows, so that each is stored and recognized by the next import.
    Column copy =
        row_number().over(Window.partitionBy(RunColumns.CONTENT).orderBy(col(RunColumns.CONTENT)));
    lake.mergeNew(
        RunsQuarantineTable.TABLE,
        refused.select(
            sha2(concat_ws("\n", lit(name), copy, col(RunColumns.CONTENT)), 256).as("row_hash"),
            lit(now).as("imported_at"),
            lit(origin).as("origin"),
            col(RunRules.REASON).as("reason"),
            col(RunColumns.CONTENT).as("content")));
    return reasons;
  }

  /** Returns the number of rows by value of a text column. */
  static SortedMap<String, Long> counts(Dataset<Row> rows, String column) {
    SortedMap<String, Long> counts = new TreeMap<>();
    rows.groupBy(column)
        .count()
        .collectAsList()
        .forEach(row -> counts.put(String.valueOf(row.getString(0)), row.getLong(1)));
    return counts;
  }
}
