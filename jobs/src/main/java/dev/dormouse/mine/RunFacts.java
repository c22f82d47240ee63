package dev.dormouse.mine;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.median;
import static org.apache.spark.sql.functions.percent_rank;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.var_samp;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Small tables of facts about runs, from which {@link Miner} makes insights of the simpler kinds.
 */
final class RunFacts {
  private static final int EVIDENCE_RUNS = 20;

  private RunFacts() {}

  /**
   * One row a study: variance of the metric over seeds, pooled over its repeated configurations.
   */
  static Dataset<Row> seedNoise(Dataset<Row> runs) {
    Dataset<Row> groups =
        runs.where("status = 'ok' AND value IS NOT NULL AND seed IS NOT NULL")
            .groupBy("study", "metric", "config_id")
            .agg(
                var_samp("value").as("variance"),
                count(lit(1)).as("n"),
                countDistinct("seed").as("seeds"),
                collect_set("run_id").as("run_ids"))
            .where("seeds > 1");
    return groups
        .groupBy("study", "metric")
        .agg(
            sum(col("variance").multiply(col("n").minus(1)))
                .divide(sum(col("n").minus(1)))
                .as("variance"),
            sum(col("n").minus(1)).as("degrees"),
            count(lit(1)).as("n_groups"),
            slice(
                    org.apache.spark.sql.functions.flatten(
                        org.apache.spark.sql.functions.collect_list("run_ids")),
                    1,
                    EVIDENCE_RUNS)
                .as("evidence"));
  }

  /**
   * One row a study and model variant: its best configuration and where that ranks (0 last, 1
   * first) among variants.
   */
  static Dataset<Row> modelRanks(Dataset<Row> configurations, Column oriented) {
    return configurations
        .where("model_variant <> ''")
        .groupBy("study", "metric", "model_variant")
        .agg(
            max(oriented).as("best"),
            max_by(col("run_id"), oriented).as("run_id"),
            count(lit(1)).as("n"))
        .withColumn("rank", percent_rank().over(Window.partitionBy("study").orderBy("best")))
        .withColumn("variants", count(lit(1)).over(Window.partitionBy("study")))
        .where("variants >= 4");
  }

  /**
   * One row a setting of a parameter: how many runs failed with it, beside all runs of the same
   * studies.
   */
  static Dataset<Row> failures(Dataset<Row> runs) {
    Column failed = when(col("status").isin("ok", "abandoned", "infra"), 0L).otherwise(1L);
    Dataset<Row> settings =
        runs.select(
            col("run_id"),
            col("model_variant"),
            failed.as("failed"),
            sum(failed)
                .over(Window.partitionBy("study"))
                .divide(count(lit(1)).over(Window.partitionBy("study")))
                .as("base_rate"),
            explode(col("params")).as(new String[] {"parameter", "setting"}));
    return settings
        .groupBy("parameter", "setting")
        .agg(
            sum("failed").as("failed"),
            count(lit(1)).as("n"),
            avg("base_rate").as("base_rate"),
            collect_set("model_variant").as("model_variants"),
            slice(collect_set(when(col("failed").equalTo(1), col("run_id"))), 1, EVIDENCE_RUNS)
                .as("evidence"))
        .where("failed >= 3");
  }

  /** One row a parameter: how widely its settings were tried. */
  static Dataset<Row> coverage(Dataset<Row> runs) {
    Dataset<Row> counts =
        runs.select(explode(col("params")).as(new String[] {"parameter", "setting"}))
            .groupBy("parameter", "setting")
            .agg(count(lit(1)).as("n"));
    return counts
        .groupBy("parameter")
        .agg(
            sum("n").as("n"),
            count(lit(1)).as("settings"),
            max_by(col("setting"), col("n")).as("commonest"),
            max("n").as("n_commonest"),
            org.apache
                .spark
                .sql
                .functions
                .min(org.apache.spark.sql.functions.expr("try_cast(setting AS DOUBLE)"))
                .as("lowest"),
            max(org.apache.spark.sql.functions.expr("try_cast(setting AS DOUBLE)")).as("highest"));
  }

  /** One row a feature set of a data set: its median result. */
  static Dataset<Row> featureSets(Dataset<Row> runs) {
    return runs.where("value IS NOT NULL AND status = 'ok'")
        .groupBy("dataset", "metric", "features")
        .agg(
            median(col("value")).as("median"),
            count(lit(1)).as("n"),
            slice(collect_set("run_id"), 1, EVIDENCE_RUNS).as("evidence"));
  }

  /** One row a study: share of runs whose validation and test metric are the same number. */
  static Dataset<Row> validationIsTest(Dataset<Row> runs) {
    Column test =
        col("metrics").getItem(org.apache.spark.sql.functions.concat(lit("test_"), col("metric")));
    return runs.where(test.isNotNull().and(col("value").isNotNull()))
        .groupBy("study", "metric")
        .agg(
            avg(when(abs(test.minus(col("value"))).lt(1e-9), 1.0).otherwise(0.0)).as("share_equal"),
            count(lit(1)).as("n"),
            slice(collect_set("run_id"), 1, EVIDENCE_RUNS).as("evidence"));
  }

  /** One row a study: the mean rank (0 worst, 1 best) of runs whose learning curve was kept. */
  static Dataset<Row> keptCurves(Dataset<Row> runs, Dataset<Row> runsWithCurve, Column oriented) {
    return runs.where("value IS NOT NULL")
        .withColumn("rank", percent_rank().over(Window.partitionBy("study").orderBy(oriented)))
        .join(runsWithCurve.withColumn("has_curve", lit(1)), "run_id")
        .groupBy("study", "metric")
        .agg(
            avg("rank").as("mean_rank"),
            count(lit(1)).as("n"),
            slice(collect_set("run_id"), 1, EVIDENCE_RUNS).as("evidence"));
  }
}
