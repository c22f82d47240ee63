package dev.dormouse.mine;

import static dev.dormouse.mine.FactRows.NONE;
import static dev.dormouse.mine.FactRows.facts;
import static dev.dormouse.mine.FactRows.ids;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.corr;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percent_rank;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.mine.Fact.Kind;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;

/** Computes what the runs of each study alone show, as rows of {@code study_facts}. */
final class StudyFacts {
  private static final int LONGEST_CURVE = 64;

  private StudyFacts() {}

  /**
   * Returns all facts of the studies of these runs, without the fingerprint.
   *
   * @param runs rows of {@code runs} with {@link Orientation#COLUMN}, all runs of each study
   * @param curves rows of {@code run_metrics}; those of other runs are ignored
   * @param cached persists data sets that are read more than once
   */
  static Dataset<Row> of(Dataset<Row> runs, Dataset<Row> curves, Cached cached) {
    Dataset<Row> varied = cached.keep(Configurations.withVaried(runs));
    Dataset<Row> configurations = cached.keep(Configurations.of(varied));
    Dataset<Row> groups = cached.keep(ConfigurationPairs.groups(configurations));
    Dataset<Row> pairs = ConfigurationPairs.pairs(groups);
    return studies(runs, curves)
        .unionByName(steps(SliceFacts.ofSteps(pairs)))
        .unionByName(steps(SliceFacts.ofSteps(ConfigurationPairs.scaled(pairs))))
        .unionByName(interactions(SliceFacts.ofInteractions(Cells.of(groups))))
        .unionByName(NoiseFacts.seeds(runs))
        .unionByName(NoiseFacts.reruns(runs))
        .unionByName(BestFacts.models(configurations))
        .unionByName(BestFacts.best(configurations))
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
   * Returns a fact for each study: its size, its median result, whether validation and test metric
   * are the same number, and the mean rank of the runs whose learning curves were kept.
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

  /** Returns the most frequent value and the range of each parameter. */
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

  /** Returns the rank correlation (Spearman 1904) of each evaluation with the run's final value. */
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
            .withColumn("rank", percent_rank().over(byEvaluation("value")))
            .withColumn("rank_at_step", percent_rank().over(byEvaluation("at_step")))
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

  private static WindowSpec byEvaluation(String column) {
    return Window.partitionBy("study", "step").orderBy(column);
  }
}
