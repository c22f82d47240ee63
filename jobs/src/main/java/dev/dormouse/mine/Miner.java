package dev.dormouse.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.io.SparkLake;
import dev.dormouse.model.Insight;
import dev.dormouse.table.InsightEvidenceTable;
import dev.dormouse.table.InsightsTable;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.TableRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Mines the lake's runs and writes what they teach to {@code insights} and {@code
 * insight_evidence}.
 */
public final class Miner {
  private Miner() {}

  /**
   * Mines all runs.
   *
   * @param minedAt the instant that identifies this mining
   */
  public static MiningSummary mine(SparkLake lake, Instant minedAt) {
    long version = lake.version(RunsTable.TABLE);
    Dataset<Row> runs = lake.read(RunsTable.TABLE).cache();
    try {
      long count = runs.count();
      long studies = runs.select("study").distinct().count();
      List<Insight> insights = Usefulness.ordered(insights(lake, runs, count));
      write(lake, insights, minedAt, version);
      return new MiningSummary(insights, count, studies);
    } finally {
      runs.unpersist();
    }
  }

  private static List<Insight> insights(SparkLake lake, Dataset<Row> runs, long count) {
    List<Row> noiseRows = RunFacts.seedNoise(runs).collectAsList();
    Noise noise = Noise.of(noiseRows.stream().map(Miner::measured).toList());
    Dataset<Row> configurations = PairedEffects.configurations(runs).cache();
    Dataset<Row> pairs = PairedEffects.pairs(PairedEffects.settings(configurations)).cache();
    List<Insight> insights = new ArrayList<>();
    try {
      List<Slice> slices = new ArrayList<>(slices(pairs));
      slices.addAll(slices(PairedEffects.scaled(pairs)));
      insights.addAll(EffectInsights.of(slices, noise));
      insights.addAll(
          FactInsights.modelRanks(RunFacts.modelRanks(configurations, oriented()).collectAsList()));
    } finally {
      pairs.unpersist();
      configurations.unpersist();
    }
    insights.addAll(FactInsights.noise(noiseRows, noise));
    insights.addAll(FactInsights.failures(RunFacts.failures(runs).collectAsList()));
    insights.addAll(FactInsights.coverage(RunFacts.coverage(runs).collectAsList(), count));
    insights.addAll(FactInsights.leaks(RunFacts.featureSets(runs).collectAsList()));
    insights.addAll(FactInsights.validationIsTest(RunFacts.validationIsTest(runs).collectAsList()));
    Dataset<Row> withCurve = lake.read(RunMetricsTable.TABLE).select("run_id").distinct();
    insights.addAll(
        FactInsights.keptCurves(RunFacts.keptCurves(runs, withCurve, oriented()).collectAsList()));
    return insights;
  }

  private static Column oriented() {
    Column lowerIsBetter = lower(col("metric")).rlike("^(" + Metrics.LOWER_IS_BETTER + ")$");
    return when(lowerIsBetter, col("value").multiply(-1)).otherwise(col("value"));
  }

  private static Noise.Measured measured(Row row) {
    return new Noise.Measured(
        row.getAs("study"),
        row.getAs("metric"),
        row.<Double>getAs("variance"),
        row.<Long>getAs("degrees"));
  }

  private static List<Slice> slices(Dataset<Row> steps) {
    return PairedEffects.bySlice(steps).collectAsList().stream().map(Miner::slice).toList();
  }

  private static Slice slice(Row row) {
    String metric = row.getAs("metric");
    int orientation = Metrics.orientation(metric);
    Double logCostRatio = row.getAs("log_cost_ratio");
    return new Slice(
        row.getAs("parameter"),
        row.getAs("from"),
        row.getAs("to"),
        metric,
        row.getAs("study"),
        row.getAs("model_variant"),
        orientation * row.<Double>getAs("difference"),
        row.<Double>getAs("variance"),
        row.<Long>getAs("n_pairs"),
        row.<Long>getAs(orientation > 0 ? "n_up" : "n_down"),
        row.<Long>getAs("n_from"),
        logCostRatio == null ? OptionalDouble.empty() : OptionalDouble.of(logCostRatio),
        row.getList(row.fieldIndex("evidence")));
  }

  private static void write(
      SparkLake lake, List<Insight> insights, Instant minedAt, long runsVersion) {
    List<TableRow> rows = new ArrayList<>();
    List<TableRow> evidence = new ArrayList<>();
    for (Insight insight : insights) {
      rows.add(InsightsTable.encode(insight, minedAt, runsVersion, rows.size() + 1));
      insight.evidence().stream()
          .distinct()
          .map(
              run ->
                  TableRow.of(InsightEvidenceTable.TABLE)
                      .set("insight_id", insight.insightId())
                      .set("run_id", run)
                      .set("mined_at", minedAt)
                      .build())
          .forEach(evidence::add);
    }
    // Evidence first: an insight that can be seen can be traced.
    lake.append(
        InsightEvidenceTable.TABLE,
        lake.rows(InsightEvidenceTable.TABLE, evidence).withColumn("mined_at", lit(minedAt)));
    lake.append(InsightsTable.TABLE, lake.rows(InsightsTable.TABLE, rows));
  }
}
