package dev.dormouse.mine;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import dev.dormouse.io.SparkLake;
import dev.dormouse.io.StudyDirections;
import dev.dormouse.model.Insight;
import dev.dormouse.model.MetricDirections;
import dev.dormouse.table.InsightEvidenceTable;
import dev.dormouse.table.InsightsTable;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.StudyFactsTable;
import dev.dormouse.table.TableRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.StructType;

/**
 * Mines the lake's runs: brings {@code study_facts} up to date for the studies that have new runs
 * or curves, pools the facts of all studies, and writes {@code insights} and {@code
 * insight_evidence}.
 */
public final class Miner {
  /** Goes up whenever facts are computed otherwise, so that those of before are not used. */
  private static final int FACTS_VERSION = 4;

  /** The facts that mining computes: all but what imports and plans state. */
  private static final String COMPUTED = "fact <> '" + StudyFactsTable.DIRECTION + "'";

  /** With more studies than these to look at, all are read: a list of names does not help then. */
  private static final int MOST_NAMED = 1000;

  /** A step with fewer pairs in all studies together is not looked at. */
  private static final int FEWEST_PAIRS = 3;

  /**
   * Of very many steps or interactions, those with the most pairs are tested. How many pairs there
   * are does not depend on what they gained, so that the tests stay valid (Bourgon 2010,
   * "Independent filtering increases detection power for high-throughput experiments").
   */
  private static final int MOST_TESTED = 20_000;

  private Miner() {}

  /**
   * Mines all runs.
   *
   * @param minedAt the instant that identifies this mining
   */
  public static MiningSummary mine(SparkLake lake, Instant minedAt) {
    long version = lake.version(RunsTable.TABLE);
    Dataset<Row> runs = Orientation.added(lake.read(RunsTable.TABLE), StudyDirections.read(lake));
    Dataset<Row> curves = lake.read(RunMetricsTable.TABLE);
    Map<String, Long> fingerprints = new HashMap<>();
    long count = 0;
    for (Row row : fingerprints(runs, curves).collectAsList()) {
      fingerprints.put(row.getAs("study"), row.getAs("fingerprint"));
      count += row.<Long>getAs("runs");
    }
    Set<String> changed = updateFacts(lake, runs, curves, fingerprints);
    List<Finding> findings = Findings.of(facts(lake));
    Map<Long, String> runIds = runIds(runs, findings);
    List<Insight> insights =
        Usefulness.ordered(findings.stream().map(found -> found.toInsight(runIds)).toList());
    write(lake, insights, minedAt, version);
    return new MiningSummary(insights, count, fingerprints.size(), changed.size());
  }

  /**
   * The slices of steps of these runs: columns study, metric, model_variant, parameter, from, to,
   * gain (mean over pairs, more is better) and n_pairs, among others.
   *
   * @param runs rows of {@code runs}
   */
  public static Dataset<Row> slices(Dataset<Row> runs) {
    Dataset<Row> oriented = Orientation.added(runs, MetricDirections.NONE);
    Dataset<Row> configurations = Configurations.of(Configurations.withVaried(oriented));
    return ConfigurationPairs.slices(ConfigurationPairs.pairs(ConfigurationPairs.groups(configurations)));
  }

  /**
   * Mines several lakes at once, each for itself and without its evidence: for simulations.
   *
   * @param runs rows of {@code runs} of all lakes
   * @param curves rows of {@code run_metrics}
   * @param lakeOf which lake a study belongs to
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

  /** One row a study: a number that changes whenever facts about it may change. */
  private static Dataset<Row> fingerprints(Dataset<Row> runs, Dataset<Row> curves) {
    Dataset<Row> points = curves.groupBy("run_id").agg(count(lit(1)).as("points"));
    return runs.join(points, runs.col("run_id").equalTo(points.col("run_id")), "left")
        .select(
            col("study"),
            xxhash64(
                    lit(FACTS_VERSION),
                    runs.col("run_id"),
                    col("config_id"),
                    col("status"),
                    col("value"),
                    col("cost_gpu_hours"),
                    col(Orientation.COLUMN),
                    coalesce(col("points"), lit(0L)))
                .as("hash"))
        .groupBy("study")
        .agg(count(lit(1)).as("runs"), expr("bit_xor(hash)").as("fingerprint"));
  }

  /** Computes the facts of studies whose fingerprint is new; returns these studies. */
  private static Set<String> updateFacts(
      SparkLake lake, Dataset<Row> runs, Dataset<Row> curves, Map<String, Long> fingerprints) {
    Map<String, Long> known = new HashMap<>();
    lake.read(StudyFactsTable.TABLE)
        .where(COMPUTED)
        .groupBy("study")
        .agg(max("fingerprint"))
        .collectAsList()
        .forEach(row -> known.put(row.getString(0), row.getLong(1)));
    Set<String> changed = new TreeSet<>(fingerprints.keySet());
    changed.removeIf(study -> fingerprints.get(study).equals(known.get(study)));
    Set<String> gone = new TreeSet<>(known.keySet());
    gone.removeAll(fingerprints.keySet());
    if (changed.isEmpty() && gone.isEmpty()) {
      return changed;
    }
    Set<String> replaced = new TreeSet<>(changed);
    replaced.addAll(gone);
    boolean named = replaced.size() <= MOST_NAMED && replaced.size() < fingerprints.size();
    String condition = named ? "study IN (" + literals(replaced) + ")" : "true";
    String computed = named ? condition + " AND " + COMPUTED : COMPUTED;
    Dataset<Row> numbers =
        lake.spark()
            .createDataFrame(
                fingerprints.entrySet().stream()
                    .map(study -> RowFactory.create(study.getKey(), study.getValue()))
                    .toList(),
                new StructType().add("study", "string").add("fingerprint", "bigint"));
    try (Cached cached = new Cached()) {
      Dataset<Row> facts =
          StudyFacts.of(runs.where(condition), curves, cached).join(broadcast(numbers), "study");
      lake.replaceWhere(StudyFactsTable.TABLE, computed, facts);
    }
    return named ? changed : fingerprints.keySet();
  }

  private static String literals(Set<String> studies) {
    return studies.stream()
        .map(study -> "'" + study.replace("\\", "\\\\").replace("'", "\\'") + "'")
        .collect(Collectors.joining(", "));
  }

  /**
   * All facts but those of steps that were hardly ever taken; of the rest, those most often taken.
   */
  private static List<Fact> facts(SparkLake lake) {
    Dataset<Row> facts = lake.read(StudyFactsTable.TABLE).where(COMPUTED);
    WindowSpec mostPairsFirst =
        Window.partitionBy("fact")
            .orderBy(col("pairs").desc(), col("parameters"), col("from_values"), col("to_values"));
    Dataset<Row> often =
        facts
            .where("fact IN ('step', 'interaction')")
            .groupBy("fact", "metric", "parameters", "from_values", "to_values")
            .agg(sum(col("numbers").getItem("n_pairs")).as("pairs"))
            .where(col("pairs").geq(FEWEST_PAIRS))
            .withColumn("place", row_number().over(mostPairsFirst))
            .where(col("place").leq(MOST_TESTED))
            .drop("pairs", "place");
    Dataset<Row> steps =
        facts.join(
            often,
            new String[] {"fact", "metric", "parameters", "from_values", "to_values"},
            "left_semi");
    return facts
        .where("fact NOT IN ('step', 'interaction')")
        .unionByName(steps)
        .collectAsList()
        .stream()
        .map(Fact::of)
        .toList();
  }

  /** The names of the runs that are evidence. */
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
    // Evidence first: an insight that can be seen can be traced.
    lake.append(InsightEvidenceTable.TABLE, lake.rows(InsightEvidenceTable.TABLE, evidence));
    lake.append(InsightsTable.TABLE, lake.rows(InsightsTable.TABLE, rows));
  }
}
