package dev.dormouse.mine;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import dev.dormouse.io.SparkLake;
import dev.dormouse.io.StudyDirections;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.Insight;
import dev.dormouse.model.MetricDirections;
import dev.dormouse.table.InsightEvidenceTable;
import dev.dormouse.table.InsightsTable;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.StudyFactsTable;
import dev.dormouse.table.TableRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Mines the lake's runs: updates {@code study_facts} for the studies that have new runs or curves,
 * pools the facts of all studies, and writes {@code insights} and {@code insight_evidence}.
 */
public final class Miner {
  /** Cached file with the versions of the tables that the newest insights rest on. */
  private static final String MINED = "mined";

  private Miner() {}

  /**
   * Returns whether the newest insights rest on all runs and curves of the lake. Needs no Spark.
   */
  public static boolean isUpToDate(TableStore lake) {
    return lake.cached(InsightsTable.TABLE, MINED)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .filter(mined -> mined.equals(versions(inputs(lake), lake)))
        .isPresent();
  }

  private static List<Long> inputs(TableStore lake) {
    return List.of(lake.version(RunsTable.TABLE), lake.version(RunMetricsTable.TABLE));
  }

  private static String versions(List<Long> inputs, TableStore lake) {
    return inputs + " " + lake.version(StudyFactsTable.TABLE);
  }

  /**
   * Mines all runs.
   *
   * @param minedAt the instant that identifies this mining
   */
  public static MiningSummary mine(SparkLake lake, Instant minedAt) {
    // Read before the runs, which may grow meanwhile.
    List<Long> inputs = inputs(lake.kernel());
    long version = inputs.get(0);
    Dataset<Row> runs = Orientation.added(lake.read(RunsTable.TABLE), StudyDirections.read(lake));
    Dataset<Row> curves = lake.read(RunMetricsTable.TABLE);
    FactStore.Update update = FactStore.update(lake, runs, curves);
    List<Finding> findings = Findings.of(FactStore.read(lake));
    Map<Long, String> runIds = runIds(runs, findings);
    List<Insight> insights =
        Usefulness.ordered(findings.stream().map(found -> found.toInsight(runIds)).toList());
    write(lake, insights, minedAt, version);
    lake.kernel()
        .cache(
            InsightsTable.TABLE,
            MINED,
            versions(inputs, lake.kernel()).getBytes(StandardCharsets.UTF_8));
    return new MiningSummary(insights, update.runs(), update.studies(), update.recomputed());
  }

  /**
   * Returns the slices of steps of these runs: columns study, metric, model_variant, parameter,
   * from, to, gain (mean over pairs, more is better) and n_pairs, among others.
   *
   * @param runs rows of {@code runs}
   */
  public static Dataset<Row> slices(Dataset<Row> runs) {
    Dataset<Row> oriented = Orientation.added(runs, MetricDirections.NONE);
    Dataset<Row> configurations = Configurations.of(Configurations.withVaried(oriented));
    return SliceFacts.ofSteps(ConfigurationPairs.pairs(ConfigurationPairs.groups(configurations)));
  }

  /**
   * Mines several lakes at once, each separately and without evidence, for simulations.
   *
   * @param runs rows of {@code runs} of all lakes
   * @param curves rows of {@code run_metrics}
   * @param lakeOf returns the lake of a study
   */
  public static Map<String, List<Insight>> mineEach(
      Dataset<Row> runs, Dataset<Row> curves, UnaryOperator<String> lakeOf) {
    Map<String, List<Fact>> byLake = new TreeMap<>();
    try (Cached cached = new Cached()) {
      Dataset<Row> oriented = Orientation.added(runs, MetricDirections.NONE);
      StudyFacts.of(oriented, curves, cached).collectAsList().stream()
          .map(Fact::of)
          .forEach(
              fact ->
                  byLake
                      .computeIfAbsent(lakeOf.apply(fact.study()), any -> new ArrayList<>())
                      .add(fact));
    }
    Map<String, List<Insight>> insights = new TreeMap<>();
    byLake.forEach(
        (lake, facts) ->
            insights.put(
                lake,
                Usefulness.ordered(
                    Findings.of(facts).stream().map(f -> f.toInsight(Map.of())).toList())));
    return insights;
  }

  /** Returns the ids of the runs that are evidence, by their number in facts. */
  private static Map<Long, String> runIds(Dataset<Row> runs, List<Finding> findings) {
    Set<Long> ids = new TreeSet<>();
    findings.forEach(finding -> ids.addAll(finding.evidence()));
    Map<Long, String> names = new HashMap<>();
    if (!ids.isEmpty()) {
      Dataset<Row> wanted =
          runs.sparkSession().createDataset(List.copyOf(ids), Encoders.LONG()).toDF("id");
      runs.select(col("run_id"), Configurations.id().as("id"))
          .join(broadcast(wanted), "id")
          .collectAsList()
          .forEach(row -> names.put(row.getAs("id"), row.getAs("run_id")));
    }
    return names;
  }

  private static void write(
      SparkLake lake, List<Insight> insights, Instant minedAt, long runsVersion) {
    List<TableRow> rows = new ArrayList<>();
    List<TableRow> evidence = new ArrayList<>();
    for (Insight insight : insights) {
      rows.add(InsightsTable.encode(insight, minedAt, runsVersion, rows.size() + 1));
      for (String run : insight.evidence()) {
        evidence.add(
            TableRow.of(InsightEvidenceTable.TABLE)
                .set("insight_id", insight.insightId())
                .set("run_id", run)
                .set("mined_at", minedAt)
                .build());
      }
    }
    // Evidence is written first, so that no reader sees an insight without its evidence.
    lake.append(InsightEvidenceTable.TABLE, lake.rows(InsightEvidenceTable.TABLE, evidence));
    lake.append(InsightsTable.TABLE, lake.rows(InsightsTable.TABLE, rows));
  }
}
