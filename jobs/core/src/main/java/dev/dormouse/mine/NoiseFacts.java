package dev.dormouse.mine;

import static dev.dormouse.mine.FactRows.NONE;
import static dev.dormouse.mine.FactRows.facts;
import static dev.dormouse.mine.FactRows.ids;
import static org.apache.spark.sql.functions.array_union;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.var_samp;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.mine.Fact.Kind;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Facts about the variance of results when no parameter changes. */
final class NoiseFacts {
  private NoiseFacts() {}

  /** Returns the variance over seeds within configuration and sweep, pooled over the study. */
  static Dataset<Row> seeds(Dataset<Row> runs) {
    Dataset<Row> groups =
        runs.where("status = 'ok' AND value IS NOT NULL AND seed IS NOT NULL")
            .groupBy("study", "metric", "config_id", "sweep", "seed")
            .agg(avg("value").as("value"), min(Configurations.id()).as("id"))
            .groupBy("study", "metric", "config_id", "sweep")
            .agg(
                var_samp("value").as("variance"),
                count(lit(1)).minus(1).as("degrees"),
                min("id").as("id"),
                max("id").as("id2"))
            .where("degrees > 0");
    Dataset<Row> rows =
        groups
            .groupBy("study", "metric")
            .agg(
                sum(col("variance").multiply(col("degrees"))).divide(sum("degrees")).as("variance"),
                sum("degrees").as("degrees"),
                count(lit(1)).as("n_groups"),
                min("id").as("id"),
                min_by(col("id2"), col("id")).as("id2"),
                max("id").as("id3"),
                max_by(col("id2"), col("id")).as("id4"))
            .withColumn("evidence", ids("id", "id2", "id3", "id4"))
            .withColumn("model_variant", lit(""));
    return facts(rows, Kind.NOISE, NONE, NONE, NONE, "variance", "degrees", "n_groups");
  }

  /**
   * Returns how the same configuration with the same seed differs between sweeps: {@code variance}
   * is the variance between sweeps, by analysis of variance over pairs of sweeps (method of
   * moments), so that differences between single runs average out.
   */
  static Dataset<Row> reruns(Dataset<Row> runs) {
    Column difference =
        max_by(col("value"), col("sweep")).minus(min_by(col("value"), col("sweep")));
    Dataset<Row> repeated =
        runs.where("status = 'ok' AND value IS NOT NULL AND sweep IS NOT NULL")
            .groupBy("study", "metric", "config_id", "seed", "sweep")
            .agg(avg("value").as("value"), min(Configurations.id()).as("id"))
            .groupBy("study", "metric", "config_id", "seed")
            .agg(
                min("sweep").as("first_sweep"),
                max("sweep").as("last_sweep"),
                difference.as("difference"),
                max("value").minus(min("value")).as("range"),
                min_by(col("id"), col("value")).as("id"),
                max_by(col("id"), col("value")).as("id2"))
            .where("first_sweep < last_sweep");
    Dataset<Row> pairs =
        repeated
            .groupBy("study", "metric", "first_sweep", "last_sweep")
            .agg(
                count(lit(1)).as("n"),
                avg("difference").as("mean"),
                coalesce(var_samp("difference"), lit(0.0)).as("within"),
                max("range").as("largest"),
                sum(when(col("range").gt(1e-9), 1.0).otherwise(0.0)).as("changed"),
                max_by(col("id"), col("range")).as("id"),
                max_by(col("id2"), col("range")).as("id2"));
    Column n = sum("n");
    Column free = n.minus(count(lit(1)));
    Column within = when(free.gt(0), sum(expr("(n - 1) * within")).divide(free)).otherwise(0.0);
    Column between = sum(expr("n * mean * mean")).minus(count(lit(1)).multiply(within));
    Dataset<Row> rows =
        pairs
            .groupBy("study", "metric")
            .agg(
                greatest(lit(0.0), between.divide(n.multiply(2))).as("variance"),
                size(array_union(collect_set("first_sweep"), collect_set("last_sweep")))
                    .minus(1)
                    .as("degrees"),
                n.as("n"),
                max("largest").as("largest"),
                sum("changed").divide(n).as("share_changed"),
                max_by(col("id"), col("largest")).as("id"),
                max_by(col("id2"), col("largest")).as("id2"))
            .withColumn("evidence", ids("id", "id2"))
            .withColumn("model_variant", lit(""));
    return facts(
        rows, Kind.RERUN, NONE, NONE, NONE, "variance", "degrees", "n", "largest", "share_changed");
  }
}
