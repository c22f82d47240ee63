package dev.dormouse.mine;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_intersect;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
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
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Pairs of configurations that differ in one parameter, and pairs of such pairs that differ in a
 * second one. Partners are found by a hash of the configuration without the parameter, so no table
 * is joined with itself, and the work grows with the number of configurations.
 */
final class ConfigurationPairs {
  /**
   * Each configuration is paired with at most so many next ones of its group, ordered by the
   * parameter: all pairs of any grid, and linear work where one parameter has thousands of values.
   */
  private static final int PARTNERS = 16;

  /** Evidence of a slice is one pair out of each of so many arbitrary but fixed parts of it. */
  private static final int EVIDENCE_PAIRS = 8;

  private static final String[] SLICE = {"study", "metric", "model_variant"};

  private ConfigurationPairs() {}

  /**
   * Configurations that are alike but for one parameter: one row a group of at least two, with the
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
    // Most configurations are alone with their rest: they must not be collected.
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
   * One row a pair: {@code from} is the smaller or alphabetically first value, {@code gain} what
   * the step to {@code to} gained. Runs of one sweep are compared, where both configurations have
   * such; else the pair {@code crosses} sweeps. Where one configuration was run more often than the
   * other, as many runs of it are taken as the other has, the first ones: further runs are made of
   * what came out well, so that taking them in would keep the bad luck of all others and dilute the
   * good luck of these.
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

  /** Results in the shared sweep, or all if there is none. */
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

  /**
   * The pairs again as steps in scale, e.g. {@code x2}, wherever both values are positive numbers.
   */
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

  /** One row a step within a study and model variant: what a meta-analysis takes as one slice. */
  static Dataset<Row> slices(Dataset<Row> pairs) {
    return summarized(
        pairs,
        new String[] {"parameter", "from", "to"},
        List.of("from_id", "to_id"),
        List.of("log_cost_ratio", "at", "crosses", "seed_share"));
  }

  /**
   * One row a cell of two by two values: {@code gain} is the synergy, i.e. what both changes gain
   * together beyond the sum of what each gains alone.
   */
  static Dataset<Row> cells(Dataset<Row> groups) {
    Column member =
        struct(
            expr("try_cast(setting2 AS DOUBLE)").as("number2"),
            col("setting2"),
            col("gain"),
            col("seed_share"),
            col("crosses"),
            col("from_id"),
            col("to_id"));
    // A cell's corners are alike but for either parameter.
    Dataset<Row> free =
        groups
            .select(col("parameter").as("parameter2"), explode(col("members")).as("member"))
            .select(
                col("member.id").as("from_id"),
                col("parameter2"),
                col("member.setting").as("setting2"));
    return pairs(groups)
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

  /** One row an interaction within a study and model variant. */
  static Dataset<Row> interactions(Dataset<Row> cells) {
    return summarized(
        cells,
        new String[] {"parameter", "from", "to", "parameter2", "from2", "to2"},
        List.of("from_id", "to_id", "from_id2", "to_id2"),
        List.of("gain_before", "gain_after", "crosses", "seed_share"));
  }

  /**
   * Mean and variance of the gain by slice and key, means of other columns, and some ids. Sums are
   * taken by part first: one pair of each part is evidence, however large the slice is.
   */
  private static Dataset<Row> summarized(
      Dataset<Row> rows, String[] key, List<String> ids, List<String> means) {
    String anchor = ids.get(0);
    List<Column> keys = new ArrayList<>();
    Arrays.stream(SLICE).forEach(name -> keys.add(col(name)));
    Arrays.stream(key).forEach(name -> keys.add(col(name)));
    List<Column> partKeys = new ArrayList<>(keys);
    partKeys.add(pmod(xxhash64(col(anchor)), lit(EVIDENCE_PAIRS)).as("part"));

    List<Column> sums = new ArrayList<>();
    sums.add(sum(col("gain")).as("sum"));
    sums.add(sum(col("gain").multiply(col("gain"))).as("squares"));
    sums.add(sum(when(col("gain").gt(0), 1L).otherwise(0L)).as("n_up"));
    List<Column> totals = new ArrayList<>();
    totals.add(sum("sum").as("sum"));
    totals.add(sum("squares").as("squares"));
    totals.add(sum("n_up").as("n_up"));
    totals.add(sum("n").as("n"));
    if (Arrays.asList(rows.columns()).contains("from_number")) {
      sums.add(min("from_number").as("lowest_from"));
      sums.add(max("from_number").as("highest_from"));
      totals.add(min("lowest_from").as("lowest_from"));
      totals.add(max("highest_from").as("highest_from"));
    }
    for (String name : means) {
      sums.add(sum(name).as("sum_" + name));
      sums.add(count(name).as("n_" + name));
      totals.add(sum("sum_" + name).divide(sum("n_" + name)).as(name));
    }
    for (String name : ids) {
      Column id = name.equals(anchor) ? min(name) : min_by(col(name), col(anchor));
      sums.add(id.as("part_" + name));
    }
    Column part = array(ids.stream().map(name -> col("part_" + name)).toArray(Column[]::new));
    totals.add(flatten(array_sort(collect_list(part))).as("evidence"));
    Column n = col("n");
    Column variance =
        when(
                n.gt(1),
                greatest(
                    lit(0.0),
                    col("squares")
                        .minus(col("sum").multiply(col("sum")).divide(n))
                        .divide(n.minus(1))))
            .otherwise(0.0);
    return rows.groupBy(partKeys.toArray(Column[]::new))
        .agg(count(lit(1)).as("n"), sums.toArray(Column[]::new))
        .groupBy(keys.toArray(Column[]::new))
        .agg(totals.get(0), totals.subList(1, totals.size()).toArray(Column[]::new))
        .withColumn("gain", col("sum").divide(n))
        .withColumn("variance", variance)
        .withColumn("n_pairs", n.cast("double"));
  }

  /** Each member with those after it, at most {@link #PARTNERS}. */
  private static Column combined(Column members) {
    return flatten(
        transform(
            members,
            (left, i) ->
                transform(
                    slice(members, i.plus(2), lit(PARTNERS)),
                    right -> struct(left.as("left"), right.as("right")))));
  }

  private static Column left(String field) {
    return col("pair.left." + field);
  }

  private static Column right(String field) {
    return col("pair.right." + field);
  }

  /** The hash of settings without one of them. */
  private static Column without(Column hash, String parameter, String setting) {
    return hash.bitwiseXOR(hash(col(parameter), col(setting)));
  }

  private static Column hash(Column parameter, Column setting) {
    return xxhash64(parameter, setting);
  }

  /** Of all settings, whatever their order; without one of them it is this XOR that one's. */
  private static Column hash(Column params) {
    return aggregate(
        transform(map_entries(params), e -> hash(e.getField("key"), e.getField("value"))),
        lit(0L),
        Column::bitwiseXOR);
  }
}
