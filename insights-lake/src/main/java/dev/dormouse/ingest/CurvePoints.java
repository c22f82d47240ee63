package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.io.SparkLake;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Converts the learning curves of a source to rows of {@code run_metrics}. */
final class CurvePoints {
  private static final String PRESENT = "_present";
  private static final String KNOWN = "_known";
  private static final String PROBLEM = "_problem";

  private CurvePoints() {}

  /** How many points are new in the lake, and how many were left out, by reason. */
  record Outcome(long added, SortedMap<String, Long> leftOut) {
    static final Outcome NOTHING = new Outcome(0, Collections.emptySortedMap());

    Outcome plus(Outcome other) {
      return new Outcome(added + other.added, ImportSummary.sum(leftOut, other.leftOut));
    }
  }

  /** Returns one row per run, step and metric for which the source has a value. */
  static Dataset<Row> of(Dataset<Row> raw, RunMapping.Curves curves) {
    SourceColumns columns = new SourceColumns(raw.schema());
    Column[] names = curves.metrics().keySet().stream().map(functions::lit).toArray(Column[]::new);
    Column[] values =
        curves.metrics().values().stream().map(name -> value(columns, name)).toArray(Column[]::new);
    return raw.select(
            columns.text(Optional.of(curves.runId())).as("run_id"),
            columns.wholeNumber(Optional.of(curves.step())).as("step"),
            explode(map_from_arrays(array(names), array(values)))
                .as(new String[] {"metric", PRESENT}))
        .where(col(PRESENT + ".is_present"))
        .select(col("run_id"), col("step"), col("metric"), col(PRESENT + ".value").as("value"));
  }

  /** A missing value or empty text is no point; NaN and texts that are no number are bad points. */
  private static Column value(SourceColumns columns, String name) {
    Column text = columns.text(Optional.of(name));
    return struct(
        coalesce(not(text.equalTo("")), lit(false)).as("is_present"),
        columns.number(Optional.of(name)).as("value"));
  }

  /**
   * Adds the points that are not in the lake yet.
   *
   * @param points columns {@code run_id}, {@code step}, {@code metric}, {@code value}
   * @param knownRuns one column {@code run_id} without duplicates: the runs that may have points
   */
  static Outcome add(SparkLake lake, Dataset<Row> points, Dataset<Row> knownRuns) {
    Dataset<Row> judged =
        points
            .join(knownRuns.withColumn(KNOWN, lit(true)), new String[] {"run_id"}, "left")
            .withColumn(PROBLEM, problem())
            .cache();
    try {
      SortedMap<String, Long> leftOut =
          Quarantine.counts(judged.where(col(PROBLEM).isNotNull()), PROBLEM);
      long added =
          lake.mergeNew(
              RunMetricsTable.TABLE,
              judged.where(col(PROBLEM).isNull()).select("run_id", "metric", "step", "value"));
      return new Outcome(added, leftOut);
    } finally {
      judged.unpersist();
    }
  }

  private static Column problem() {
    return when(
            col("run_id").isNull().or(col("step").isNull()).or(col("step").lt(0)),
            "points of learning curves without a run or a step from 0")
        .when(col(KNOWN).isNull(), "points of learning curves whose run is not in the lake")
        .when(
            not(coalesce(RunColumns.finite(col("value")), lit(false))),
            "points of learning curves that are not finite numbers");
  }

  /** Returns the ids of the runs in the lake. */
  static Dataset<Row> runsOf(SparkLake lake) {
    return lake.read(RunsTable.TABLE).select("run_id");
  }
}
