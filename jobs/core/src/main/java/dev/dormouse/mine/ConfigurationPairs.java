package dev.dormouse.mine;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array_intersect;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Pairs of configurations that differ in one parameter. They are found by a hash of the
 * configuration without the parameter, so no table is joined with itself, and the work grows with
 * the number of configurations.
 */
final class ConfigurationPairs {
  /**
   * A configuration is paired with at most so many next ones of its group, ordered by the
   * parameter. This gives all pairs of common grids, and linear work for a parameter with thousands
   * of values.
   */
  private static final int PARTNERS = 16;

  private ConfigurationPairs() {}

  /**
   * Returns groups of at least two configurations that differ only in one parameter, with the
   * {@code members} ordered by that parameter.
   */
  static Dataset<Row> groups(Dataset<Row> configurations) {
    Column whole =
        xxhash64(col("study"), col("metric"), col("model_variant")).bitwiseXOR(hash(col("params")));
    Dataset<Row> settings =
        configurations
            .withColumn("whole", whole)
            .select(
                col("id"),
                col("whole"),
                explode(col("params")).as(new String[] {"parameter", "setting"}))
            .withColumn(
                "rest", xxhash64(without(col("whole"), "parameter", "setting"), col("parameter")))
            .drop("whole")
            .repartition(col("rest"));
    // Most configurations have no partner: they must not be collected.
    Dataset<Row> shared =
        settings
            .groupBy("rest")
            .agg(min("id").as("lowest"), max("id").as("highest"))
            .where("lowest < highest")
            .select("rest");
    Column member =
        struct(
            expr("try_cast(setting AS DOUBLE)").as("number"),
            col("setting"),
            col("runs"),
            col("cost"),
            col("at"),
            col("whole"),
            col("id"));
    return settings
        .join(shared, new String[] {"rest"}, "left_semi")
        .join(configurations.withColumn("whole", whole).drop("params", "gain", "seeds"), "id")
        .groupBy("study", "metric", "model_variant", "parameter", "rest")
        .agg(array_sort(collect_list(member)).as("members"));
  }

  /**
   * Returns one row for each pair: {@code from} is the smaller or alphabetically first value,
   * {@code gain} the gain of the step to {@code to}. Runs of one sweep are compared if both
   * configurations have such runs; else the pair {@code crosses} sweeps. If one configuration was
   * run more often, only its first runs are used, as many as the other one has: good results are
   * repeated more often than bad ones, so that the mean over all runs would correct good luck but
   * not bad luck.
   */
  static Dataset<Row> pairs(Dataset<Row> groups) {
    Column runs = least(size(col("before")), size(col("after")));
    return groups
        .withColumn("pair", explode(combined(col("members"))))
        .withColumn("sweep", get(array_intersect(sweeps("left"), sweeps("right")), lit(0)))
        .withColumn("before", values("left"))
        .withColumn("after", values("right"))
        .select(
            col("study"),
            col("metric"),
            col("model_variant"),
            col("parameter"),
            left("setting").as("from"),
            right("setting").as("to"),
            left("number").as("from_number"),
            right("number").as("to_number"),
            meanOfFirst(col("after"), runs).minus(meanOfFirst(col("before"), runs)).as("gain"),
            lit(2.0).divide(runs).as("seed_share"),
            when(
                    left("cost").isNotNull().and(right("cost").isNotNull()),
                    log(right("cost").divide(left("cost"))))
                .as("log_cost_ratio"),
            greatest(left("at"), right("at")).as("at"),
            col("sweep").isNull().cast("double").as("crosses"),
            without(left("whole"), "parameter", "pair.left.setting").as("rest"),
            left("id").as("from_id"),
            right("id").as("to_id"));
  }

  private static Column sweeps(String side) {
    return col("pair." + side + ".runs.sweep");
  }

  /** Returns the results in the shared sweep, or all if there is none. */
  private static Column values(String side) {
    Column all = col("pair." + side + ".runs");
    Column shared = filter(all, run -> run.getField("sweep").equalTo(col("sweep")));
    return when(col("sweep").isNull().or(size(all).equalTo(1)), all)
        .otherwise(shared)
        .getField("value");
  }

  private static Column meanOfFirst(Column values, Column n) {
    return when(n.equalTo(1), get(values, lit(0)))
        .otherwise(aggregate(slice(values, lit(1), n), lit(0.0), Column::plus).divide(n));
  }

  /** Returns the pairs of positive numbers again, as changes by a factor, e.g. {@code x2.00}. */
  static Dataset<Row> scaled(Dataset<Row> pairs) {
    return pairs
        .where("from_number > 0 AND to_number > from_number")
        .withColumn(
            "to",
            expr(
                "concat('x', CAST(CAST(round(to_number / from_number, 2) AS DECIMAL(12, 2)) AS"
                    + " STRING))"))
        .withColumn("from", lit(""));
  }

  /** Returns each member with those after it, at most {@link #PARTNERS}. */
  static Column combined(Column members) {
    return flatten(
        transform(
            members,
            (left, i) ->
                transform(
                    slice(members, i.plus(2), lit(PARTNERS)),
                    right -> struct(left.as("left"), right.as("right")))));
  }

  static Column left(String field) {
    return col("pair.left." + field);
  }

  static Column right(String field) {
    return col("pair.right." + field);
  }

  /** Returns the hash of settings without one of them. */
  static Column without(Column hash, String parameter, String setting) {
    return hash.bitwiseXOR(hash(col(parameter), col(setting)));
  }

  private static Column hash(Column parameter, Column setting) {
    return xxhash64(parameter, setting);
  }

  /** Returns a hash of all settings that does not depend on their order. */
  private static Column hash(Column params) {
    return aggregate(
        transform(map_entries(params), e -> hash(e.getField("key"), e.getField("value"))),
        lit(0L),
        Column::bitwiseXOR);
  }
}
