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
import dev.dormouse.table.StudyFactsTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.StructType;

/** Keeps table {@code study_facts} up to date with the runs, and reads it. */
final class FactStore {
  /** Increment when the computation of facts changes, so that stored facts are not used. */
  private static final int FACTS_VERSION = 4;

  /** Selects the facts that mining computes, not the directions that imports and plans state. */
  private static final String COMPUTED = "fact <> '" + StudyFactsTable.DIRECTION + "'";

  /** If more studies changed, all are computed again: a list of names does not help then. */
  private static final int MOST_NAMED = 1000;

  /** Steps and interactions with fewer pairs in all studies together are not read. */
  private static final int FEWEST_PAIRS = 3;

  /**
   * Of very many steps or interactions, those with the most pairs are tested. The number of pairs
   * does not depend on the gain, so that the tests stay valid (Bourgon 2010, "Independent filtering
   * increases detection power for high-throughput experiments").
   */
  private static final int MOST_TESTED = 20_000;

  /**
   * The result of an update.
   *
   * @param runs number of runs in the lake
   * @param studies number of studies among them
   * @param recomputed number of studies whose facts were computed again
   */
  record Update(long runs, long studies, long recomputed) {}

  private FactStore() {}

  /** Returns for each study a number that changes whenever facts about it may change. */
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

  /**
   * Computes the facts of studies with new runs or curves again.
   *
   * @param runs rows of {@code runs} with {@link Orientation#COLUMN}
   * @param curves rows of {@code run_metrics}
   */
  static Update update(SparkLake lake, Dataset<Row> runs, Dataset<Row> curves) {
    Map<String, Long> fingerprints = new HashMap<>();
    long count = 0;
    for (Row row : fingerprints(runs, curves).collectAsList()) {
      fingerprints.put(row.getAs("study"), row.getAs("fingerprint"));
      count += row.<Long>getAs("runs");
    }
    Set<String> changed = recompute(lake, runs, curves, fingerprints);
    return new Update(count, fingerprints.size(), changed.size());
  }

  /** Computes the facts of studies whose fingerprint is new; returns these studies. */
  private static Set<String> recompute(
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

  /** Reads all facts, except those of steps and interactions with few pairs. */
  static List<Fact> read(SparkLake lake) {
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
}
