package dev.dormouse.mine;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.model.MetricDirections;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Which sign makes higher values of a study's metric better. */
final class Orientation {
  /** Name of the column, and of the number in facts on studies: 1 or -1. */
  static final String COLUMN = "orientation";

  private static final String STATED = "_stated";

  private Orientation() {}

  /**
   * Adds {@link #COLUMN}.
   *
   * @param runs rows of {@code runs}
   * @param directions what is stated; of other studies the metric's name tells
   */
  static Dataset<Row> added(Dataset<Row> runs, MetricDirections directions) {
    Object[] minimized =
        runs.select("metric").distinct().as(Encoders.STRING()).collectAsList().stream()
            .filter(metric -> directions.of(metric).direction().orientation() < 0)
            .toArray();
    Column byMetric = when(col("metric").isin(minimized), -1).otherwise(1);
    if (directions.byStudy().isEmpty()) {
      return runs.withColumn(COLUMN, byMetric);
    }
    return runs.join(broadcast(stated(runs, directions)), column("study"), "left")
        .withColumn(COLUMN, coalesce(col(STATED), byMetric))
        .drop(STATED);
  }

  private static String[] column(String name) {
    return new String[] {name};
  }

  private static Dataset<Row> stated(Dataset<Row> runs, MetricDirections directions) {
    List<Row> rows =
        directions.byStudy().values().stream()
            .map(each -> RowFactory.create(each.study(), each.direction().orientation()))
            .toList();
    return runs.sparkSession()
        .createDataFrame(rows, new StructType().add("study", "string").add(STATED, "int"));
  }
}
