package dev.dormouse.mine;

import static dev.dormouse.mine.ConfigurationPairs.combined;
import static dev.dormouse.mine.ConfigurationPairs.left;
import static dev.dormouse.mine.ConfigurationPairs.right;
import static dev.dormouse.mine.ConfigurationPairs.without;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Pairs of pairs of configurations, which differ in a second parameter: cells of two by two. */
final class Cells {
  private Cells() {}

  /**
   * Returns one row for each cell: {@code gain} is the synergy, i.e. the gain of both changes
   * together minus the sum of their single gains.
   *
   * @param groups as {@link ConfigurationPairs#groups} gives them
   */
  static Dataset<Row> of(Dataset<Row> groups) {
    Column member =
        struct(
            expr("try_cast(setting2 AS DOUBLE)").as("number2"),
            col("setting2"),
            col("gain"),
            col("seed_share"),
            col("crosses"),
            col("from_id"),
            col("to_id"));
    // The four corners of a cell differ only in these two parameters.
    Dataset<Row> free =
        groups
            .select(col("parameter").as("parameter2"), explode(col("members")).as("member"))
            .select(
                col("member.id").as("from_id"),
                col("parameter2"),
                col("member.setting").as("setting2"));
    return ConfigurationPairs.pairs(groups)
        .drop("from_number", "to_number", "log_cost_ratio", "at")
        .join(free, "from_id")
        .where("parameter2 > parameter")
        .withColumn("rest", without(col("rest"), "parameter2", "setting2"))
        .groupBy(
            "study", "metric", "model_variant", "parameter", "from", "to", "parameter2", "rest")
        .agg(array_sort(collect_list(member)).as("members"))
        .where(size(col("members")).gt(1))
        .withColumn("pair", explode(combined(col("members"))))
        .select(
            col("study"),
            col("metric"),
            col("model_variant"),
            col("parameter"),
            col("from"),
            col("to"),
            col("parameter2"),
            left("setting2").as("from2"),
            right("setting2").as("to2"),
            right("gain").minus(left("gain")).as("gain"),
            left("gain").as("gain_before"),
            right("gain").as("gain_after"),
            left("seed_share").plus(right("seed_share")).as("seed_share"),
            greatest(left("crosses"), right("crosses")).as("crosses"),
            left("from_id").as("from_id"),
            left("to_id").as("to_id"),
            right("from_id").as("from_id2"),
            right("to_id").as("to_id2"));
  }
}
