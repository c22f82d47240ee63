package dev.dormouse.mine;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_union;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.corr;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.percent_rank;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.var_samp;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.mine.Fact.Kind;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/** What studies say by themselves, as rows of {@code study_facts} without the fingerprint. */
final class StudyFacts {
  /** Numbers of tries for which model variants are compared at equal effort. */
  static final List<Integer> TRIES = List.of(1, 2, 4, 8, 16);

  private static final int LONGEST_CURVE = 64;
  private static final Column NONE = array().cast("array<string>");

  private StudyFacts() {}

  /**
   * All facts of the studies of these runs.
   *
   * @param runs rows of {@code runs} with {@link Orientation#COLUMN}: all of each study
   * @param curves rows of {@code run_metrics}; those of other runs are ignored
   * @param cached keeps what is read more than once
   */
  static Dataset<Row> of(Dataset<Row> runs, Dataset<Row> curves, Cached cached) {
    Dataset<Row> varied = cached.keep(Configurations.withVaried(runs));
    Dataset<Row> configurations = cached.keep(Configurations.of(varied));
    Dataset<Row> groups = cached.keep(ConfigurationPairs.groups(configurations));
    Dataset<Row> pairs = ConfigurationPairs.pairs(groups);
    return studies(runs, curves)
        .unionByName(steps(ConfigurationPairs.slices(pairs)))
        .unionByName(steps(ConfigurationPairs.slices(ConfigurationPairs.scaled(pairs))))
        .unionByName(
            interactions(ConfigurationPairs.interactions(ConfigurationPairs.cells(groups))))
        .unionByName(noise(runs))
        .unionByName(reruns(runs))
        .unionByName(models(configurations))
        .unionByName(best(configurations))
        .unionByName(settings(runs))
        .unionByName(FailureFacts.of(varied, cached))
        .unionByName(curves(runs, curves));
  }

  private static Dataset<Row> steps(Dataset<Row> slices) {
    return facts(
        slices,
        Kind.STEP,
        array(col("parameter")),
        array(col("from")),
        array(col("to")),
        "gain",
        "variance",
        "n_pairs",
        "n_up",
        "lowest_from",
        "highest_from",
        "log_cost_ratio",
        "at",
        "crosses",
        "seed_share");
  }

  private static Dataset<Row> interactions(Dataset<Row> slices) {
    return facts(
        slices,
        Kind.INTERACTION,
        array(col("parameter"), col("parameter2")),
        array(col("from"), col("from2")),
        array(col("to"), col("to2")),
        "gain",
        "variance",
        "n_pairs",
        "n_up",
        "gain_before",
        "gain_after",
        "crosses",
        "seed_share");
  }

  /**
   * The study itself: size, typical value, whether validation and test metric are the same number,
   * and of how good runs the learning curves were kept.
   */
  private static Dataset<Row> studies(Dataset<Row> runs, Dataset<Row> curves) {
    Dataset<Row> withCurve = curves.select("run_id").distinct().withColumn("curve", lit(1));
    Column rank =
        percent_rank()
            .over(Window.partitionBy("study").orderBy(Configurations.oriented(col("value"))));
    Column ranked = when(col("value").isNotNull(), rank);
    Column test =
        coalesce(
            col("metrics").getItem(functions.concat(lit("test_"), col("metric"))),
            col("metrics").getItem(functions.concat(col("metric"), lit("_test"))));
    Column same = when(test.isNotNull(), abs(test.minus(col("value"))).lt(1e-9).cast("double"));
    Dataset<Row> rows =
        runs.withColumn("rank", ranked)
            .withColumn("same", same)
            .withColumn("id", Configurations.id())
            .join(withCurve, runs.col("run_id").equalTo(withCurve.col("run_id")), "left")
            .groupBy("study", "metric")
            .agg(
                first("dataset").as("dataset"),
                first("features").as("features"),
                first(Orientation.COLUMN).as(Orientation.COLUMN),
                count(lit(1)).as("n"),
                count("value").as("n_values"),
                percentile_approx(col("value"), lit(0.5), lit(10000)).as("median"),
                max("train_samples").as("train_samples"),
                avg("same").as("share_same"),
                count("same").as("n_same"),
                avg(when(col("curve").isNotNull(), col("rank"))).as("curve_rank"),
                count(when(col("curve").isNotNull(), col("rank"))).as("n_curves"),
                min("id").as("id"),
                max("id").as("id2"),
                max(when(col("curve").isNotNull(), col("id"))).as("id3"))
            .withColumn("evidence", ids("id", "id2", "id3"))
            .withColumn("model_variant", lit(""));
    return facts(
        rows,
        Kind.STUDY,
        NONE,
        NONE,
        array(col("dataset"), col("features")),
        "n",
        "n_values",
        "median",
        "train_samples",
        "share_same",
        "n_same",
        "curve_rank",
        "n_curves",
        Orientation.COLUMN);
  }

  /** Variance over seeds within configuration and sweep, pooled over the study. */
  private static Dataset<Row> noise(Dataset<Row> runs) {
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
   * How the same configuration with the same seed differs between sweeps: {@code variance} is that
   * of what all runs of a sweep have in common, by analysis of variance over pairs of sweeps
   * (method of moments), since what differs from run to run averages out.
   */
  private static Dataset<Row> reruns(Dataset<Row> runs) {
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

  /**
   * The best of so many configurations of a model variant, on average: expected maximum of a random
   * sample with replacement (Dodge et al. 2019, "Show Your Work: Improved Reporting of Experimental
   * Results", equation 7), so that a variant is not ahead only for having been tried more often.
   */
  private static Dataset<Row> models(Dataset<Row> configurations) {
    Column[] slice = {col("study"), col("metric"), col("model_variant")};
    Column n = col("n");
    Dataset<Row> ranked =
        configurations
            .where("model_variant <> ''")
            .withColumn("rank", row_number().over(Window.partitionBy(slice).orderBy("gain", "id")))
            .withColumn("n", count(lit(1)).over(Window.partitionBy(slice)));
    Column[] bests =
        TRIES.stream()
            .map(
                tries -> {
                  Column share =
                      pow(col("rank").divide(n), tries)
                          .minus(pow(col("rank").minus(1).divide(n), tries));
                  return sum(share.multiply(col("gain"))).as("best_of_" + tries);
                })
            .toArray(Column[]::new);
    Dataset<Row> rows =
        ranked
            .groupBy(slice)
            .agg(count(lit(1)).as("n"), bests)
            .join(
                ranked
                    .groupBy(slice)
                    .agg(max_by(col("id"), col("rank")).as("id"), avg("cost").as("cost")),
                new String[] {"study", "metric", "model_variant"})
            .withColumn("evidence", ids("id"));
    String[] numbers =
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of("n", "cost"),
                TRIES.stream().map(tries -> "best_of_" + tries))
            .toArray(String[]::new);
    return facts(rows, Kind.MODEL, NONE, NONE, NONE, numbers);
  }

  /** The value of each varied numeric parameter in the best configuration of a model variant. */
  private static Dataset<Row> best(Dataset<Row> configurations) {
    Dataset<Row> values =
        configurations
            .select(
                col("study"),
                col("metric"),
                col("model_variant"),
                col("gain"),
                col("id"),
                explode(col("params")).as(new String[] {"parameter", "setting"}))
            .withColumn("number", expr("try_cast(setting AS DOUBLE)"))
            .where("number IS NOT NULL");
    Dataset<Row> rows =
        values
            .groupBy("study", "metric", "model_variant", "parameter")
            .agg(
                max_by(col("number"), col("gain")).as("best"),
                countDistinct("number").as("n_values"),
                min("number").as("lowest"),
                max("number").as("highest"),
                min(when(col("number").gt(0), col("number"))).as("lowest_positive"),
                max_by(col("id"), col("gain")).as("id"))
            .where("n_values >= 2")
            .withColumn("evidence", ids("id"));
    return facts(
        rows,
        Kind.BEST,
        array(col("parameter")),
        NONE,
        NONE,
        "best",
        "n_values",
        "lowest",
        "highest",
        "lowest_positive");
  }

  /** How widely each parameter was set. */
  private static Dataset<Row> settings(Dataset<Row> runs) {
    Dataset<Row> rows =
        runs.select(
                col("study"),
                col("metric"),
                explode(col("params")).as(new String[] {"parameter", "setting"}))
            .groupBy("study", "metric", "parameter", "setting")
            .agg(count(lit(1)).as("n"))
            .withColumn("number", expr("try_cast(setting AS DOUBLE)"))
            .groupBy("study", "metric", "parameter")
            .agg(
                max_by(col("setting"), functions.struct(col("n"), col("setting"))).as("commonest"),
                max("n").as("n_commonest"),
                sum("n").as("n"),
                count(lit(1)).as("settings"),
                min("number").as("lowest"),
                max("number").as("highest"))
            .withColumn("evidence", ids())
            .withColumn("model_variant", lit(""));
    return facts(
        rows,
        Kind.SETTING,
        array(col("parameter")),
        NONE,
        array(col("commonest")),
        "n",
        "n_commonest",
        "settings",
        "lowest",
        "highest");
  }

  /** Rank correlation (Spearman 1904) of each evaluation with the run's final value. */
  private static Dataset<Row> curves(Dataset<Row> runs, Dataset<Row> curves) {
    Dataset<Row> points =
        curves
            .where(col("step").leq(LONGEST_CURVE))
            .select(col("run_id"), col("metric"), col("step"), col("value").as("at_step"));
    Dataset<Row> rows =
        runs.where("status = 'ok' AND value IS NOT NULL")
            .select("study", "metric", "run_id", "value")
            .join(points, new String[] {"run_id", "metric"})
            .withColumn("id", Configurations.id())
            .withColumn("rank", percent_rank().over(stepBy("value")))
            .withColumn("rank_at_step", percent_rank().over(stepBy("at_step")))
            .groupBy("study", "metric", "step")
            .agg(
                corr("rank", "rank_at_step").as("correlation"),
                count(lit(1)).as("n"),
                avg(abs(col("value").minus(col("at_step")))).as("gap"),
                min("id").as("id"),
                max("id").as("id2"))
            .where("n >= 8 AND correlation IS NOT NULL AND NOT isnan(correlation)")
            .withColumn("evidence", ids("id", "id2"))
            .withColumn("model_variant", lit(""));
    return facts(
        rows, Kind.CURVE, NONE, NONE, array(col("step").cast("string")), "correlation", "n", "gap");
  }

  private static org.apache.spark.sql.expressions.WindowSpec stepBy(String column) {
    return Window.partitionBy("study", "step").orderBy(column);
  }

  /**
   * Rows with the columns of {@code study_facts}. They must have columns study, metric,
   * model_variant, evidence and the named numbers, of which missing ones are left out.
   */
  static Dataset<Row> facts(
      Dataset<Row> rows, Kind kind, Column parameters, Column from, Column to, String... numbers) {
    Column names = array(Arrays.stream(numbers).map(functions::lit).toArray(Column[]::new));
    Column values =
        array(
            Arrays.stream(numbers)
                .map(name -> column(rows, name).cast("double"))
                .toArray(Column[]::new));
    return rows.select(
        col("study"),
        lit(kind.id()).as("fact"),
        col("metric"),
        col("model_variant"),
        parameters.as("parameters"),
        from.as("from_values"),
        to.as("to_values"),
        map_filter(map_from_arrays(names, values), (name, value) -> value.isNotNull())
            .as("numbers"),
        col("evidence"));
  }

  private static Column column(Dataset<Row> rows, String name) {
    return Arrays.asList(rows.columns()).contains(name) ? col(name) : lit(null);
  }

  /** The ids that are there, each once. */
  static Column ids(String... columns) {
    Column all = array(Arrays.stream(columns).map(functions::col).toArray(Column[]::new));
    return columns.length == 0
        ? array().cast("array<bigint>")
        : array_distinct(filter(all, Column::isNotNull));
  }
}
