package dev.dormouse.mine;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.unix_seconds;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Groups runs with equal parameters within each study. */
final class Configurations {
  private static final String[] SLICE = {"study", "metric", "model_variant"};

  /** Most runs of a configuration that are compared. */
  private static final int MOST_RUNS = 32;

  private Configurations() {}

  /** Returns the number that identifies a run in facts. */
  static Column id() {
    return xxhash64(col("run_id"));
  }

  /** Returns the study's metric with the sign that makes higher better. */
  static Column oriented(Column value) {
    return value.multiply(col(Orientation.COLUMN));
  }

  /**
   * Returns one row for each study, model variant and set of parameters: {@code gain} is the
   * oriented mean over its runs, {@code seeds} their number, {@code runs} the first ones with their
   * sweep and value.
   *
   * @param runs as {@link #withVaried} gives them
   */
  static Dataset<Row> of(Dataset<Row> runs) {
    Column sweep = xxhash64(coalesce(col("sweep"), lit("")));
    Column run =
        struct(
            col("finished_at"),
            col("seed"),
            col("run_id"),
            sweep.as("sweep"),
            oriented(col("value")).as("value"));
    Column first = slice(array_sort(collect_list(run)), lit(1), lit(MOST_RUNS));
    return runs.where("status = 'ok' AND value IS NOT NULL")
        .groupBy("study", "metric", "model_variant", "config_id")
        .agg(
            avg(oriented(col("value"))).as("gain"),
            count(lit(1)).as("seeds"),
            transform(first, r -> struct(r.getField("sweep"), r.getField("value"))).as("runs"),
            avg(when(col("cost_gpu_hours").gt(0), col("cost_gpu_hours"))).as("cost"),
            avg(unix_seconds(col("finished_at"))).as("at"),
            min(id()).as("id"),
            first("params").as("params"));
  }

  /**
   * Removes parameters that the study did not vary for the model variant, since they cannot make a
   * difference.
   */
  static Dataset<Row> withVaried(Dataset<Row> runs) {
    return runs.join(broadcast(varied(runs)), SLICE)
        .withColumn(
            "params",
            map_filter(col("params"), (name, value) -> array_contains(col("varied"), name)))
        .drop("varied");
  }

  /** Returns, for each study and model variant, the parameters that differ among its runs. */
  private static Dataset<Row> varied(Dataset<Row> runs) {
    Dataset<Row> sizes = runs.groupBy(cols()).agg(count(lit(1)).as("runs"));
    return runs.select(
            col("study"),
            col("metric"),
            col("model_variant"),
            explode(col("params")).as(new String[] {"parameter", "setting"}))
        .withColumn("setting", xxhash64(col("setting")))
        .groupBy("study", "metric", "model_variant", "parameter")
        .agg(count(lit(1)).as("n"), min("setting").as("lowest"), max("setting").as("highest"))
        .join(broadcast(sizes), SLICE)
        .groupBy(cols())
        .agg(
            collect_set(
                    when(
                        col("lowest").notEqual(col("highest")).or(col("n").lt(col("runs"))),
                        col("parameter")))
                .as("varied"));
  }

  private static Column[] cols() {
    return new Column[] {col("study"), col("metric"), col("model_variant")};
  }
}
