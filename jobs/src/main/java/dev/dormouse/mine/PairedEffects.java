package dev.dormouse.mine;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.var_samp;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Effects of single parameters from pairs of configurations that differ in nothing else. Partners
 * are found by a hash of the configuration without the parameter, so no table is joined with
 * itself.
 */
final class PairedEffects {
  /**
   * Configurations that differ in one parameter only, at most so many of one group are paired with
   * each other.
   */
  private static final int LARGEST_GROUP = 64;

  private static final int EVIDENCE_RUNS = 6;

  private PairedEffects() {}

  /**
   * One row a configuration of a study: mean value over its runs, mean cost, one run as evidence.
   */
  static Dataset<Row> configurations(Dataset<Row> runs) {
    return runs.where("status = 'ok' AND value IS NOT NULL")
        .groupBy("study", "metric", "model_variant", "config_id")
        .agg(
            avg("value").as("value"),
            count(lit(1)).as("n_runs"),
            avg("cost_gpu_hours").as("cost"),
            first("params").as("params"),
            min("run_id").as("run_id"));
  }

  /** One row a parameter of a configuration, with the hash of the rest. */
  static Dataset<Row> settings(Dataset<Row> configurations) {
    Column all =
        aggregate(
            transform(
                map_entries(col("params")), e -> xxhash64(e.getField("key"), e.getField("value"))),
            lit(0L),
            (left, right) -> left.bitwiseXOR(right));
    return configurations
        .withColumn("whole", all)
        .select(
            col("study"),
            col("metric"),
            col("model_variant"),
            col("config_id"),
            col("value"),
            col("cost"),
            col("run_id"),
            col("whole"),
            explode(col("params")).as(new String[] {"parameter", "setting"}))
        .withColumn("rest", col("whole").bitwiseXOR(xxhash64(col("parameter"), col("setting"))));
  }

  /** One row a pair: the smaller (or alphabetically first) setting is {@code from}. */
  static Dataset<Row> pairs(Dataset<Row> settings) {
    Column member =
        struct(
            expr("try_cast(setting AS DOUBLE)").as("number"),
            col("setting"),
            col("value"),
            col("cost"),
            col("run_id"));
    Column members = col("members");
    Column combined =
        flatten(
            transform(
                members,
                (left, i) ->
                    transform(
                        slice(members, i.plus(2), size(members)),
                        right -> struct(left.as("left"), right.as("right")))));
    return settings
        .groupBy("study", "metric", "model_variant", "parameter", "rest")
        .agg(array_sort(collect_list(member)).as("members"))
        .where(size(members).between(2, LARGEST_GROUP))
        .select(
            col("study"),
            col("metric"),
            col("model_variant"),
            col("parameter"),
            explode(combined).as("pair"))
        .select(
            col("study"),
            col("metric"),
            col("model_variant"),
            col("parameter"),
            col("pair.left.setting").as("from"),
            col("pair.right.setting").as("to"),
            col("pair.left.number").as("from_number"),
            col("pair.right.number").as("to_number"),
            col("pair.right.value").minus(col("pair.left.value")).as("difference"),
            when(
                    col("pair.left.cost").gt(0).and(col("pair.right.cost").gt(0)),
                    log(col("pair.right.cost").divide(col("pair.left.cost"))))
                .as("log_cost_ratio"),
            col("pair.left.run_id").as("from_run"),
            col("pair.right.run_id").as("to_run"));
  }

  /**
   * The pairs again as steps in scale, e.g. {@code x2}, wherever both values are positive numbers.
   */
  static Dataset<Row> scaled(Dataset<Row> pairs) {
    return pairs
        .where("from_number > 0 AND to_number > from_number")
        .withColumn("from_value", col("from"))
        .withColumn(
            "to",
            expr(
                "concat('x', CAST(CAST(round(to_number / from_number, 2) AS DECIMAL(12, 2)) AS STRING))"))
        .withColumn("from", lit(""));
  }

  /** One row a step within a study and model variant: what a meta-analysis takes as one slice. */
  static Dataset<Row> bySlice(Dataset<Row> steps) {
    return steps
        .groupBy("parameter", "from", "to", "metric", "study", "model_variant")
        .agg(
            avg("difference").as("difference"),
            coalesce(var_samp("difference"), lit(0.0)).as("variance"),
            count(lit(1)).as("n_pairs"),
            sum(when(col("difference").gt(0), 1L).otherwise(0L)).as("n_up"),
            sum(when(col("difference").lt(0), 1L).otherwise(0L)).as("n_down"),
            countDistinct("from_number").as("n_from"),
            avg("log_cost_ratio").as("log_cost_ratio"),
            slice(
                    flatten(
                        collect_set(org.apache.spark.sql.functions.array("from_run", "to_run"))),
                    1,
                    EVIDENCE_RUNS)
                .as("evidence"));
  }
}
