package dev.dormouse.mine;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_intersect;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.map_from_entries;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Arm;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/**
 * Counts how often runs with certain values fail, and how often this is expected for their study
 * and model variant: frequent item sets of one to three values (Agrawal and Srikant 1994). A set is
 * counted only if each of its values alone fails more often than expected.
 */
final class FailureFacts {
  /** Values with fewer failures are left out. */
  private static final int FEWEST = 3;

  /** Values are combined if they fail more often than expected by so many standard deviations. */
  private static final double SUSPICIOUS = 1;

  /** Most values of a study and model variant to combine, those with the most failures first. */
  private static final int MOST_SUSPECTS = 10;

  private static final String[] GROUP = {"study", "outcome", "model_variant"};

  private FailureFacts() {}

  /**
   * Returns facts of kind failure; their metric is {@code collapse} or {@code no_result}.
   *
   * @param runs as {@link Configurations#withVaried} gives them
   * @param cached persists data sets that are read more than once
   */
  static Dataset<Row> of(Dataset<Row> runs, Cached cached) {
    Dataset<Row> judged = judged(runs);
    Dataset<Row> expecting = expecting(judged);
    Dataset<Row> singles = cached.keep(singles(expecting).unionByName(counted(models(judged))));
    Dataset<Row> sets = sets(expecting, singles);
    Dataset<Row> all = singles.unionByName(sets).withColumn("metric", col("outcome"));
    return FactRows.facts(
        all.withColumn("evidence", FactRows.ids("id", "id2", "id3")),
        Kind.FAILURE,
        col("items.parameter"),
        array().cast("array<string>"),
        col("items.setting"),
        "n",
        "failed",
        "expected");
  }

  /**
   * Returns each run once for each way to fail: no learning (collapsed, diverged) or no result (out
   * of memory, timeout, crash, or unknown). Runs that failed the other way, and runs that people or
   * the machine stopped, are left out.
   */
  private static Dataset<Row> judged(Dataset<Row> runs) {
    Dataset<Row> collapse =
        runs.where("status IN ('ok', 'collapsed', 'diverged')")
            .withColumn("outcome", lit(FailureKind.COLLAPSE.id()));
    Dataset<Row> noResult =
        runs.where("status IN ('ok', 'oom', 'timeout', 'failed', 'no_result')")
            .withColumn("outcome", lit(FailureKind.NO_RESULT.id()));
    return collapse
        .unionByName(noResult)
        .withColumn("failed", when(col("status").equalTo("ok"), 0L).otherwise(1L));
  }

  /**
   * Returns the runs of studies and model variants with failures, with the expected failure rate,
   * that of the study and model variant.
   */
  private static Dataset<Row> expecting(Dataset<Row> judged) {
    return judged
        .join(functions.broadcast(rates(judged, GROUP)), GROUP)
        .select(
            col("study"),
            col("outcome"),
            col("model_variant"),
            Configurations.id().as("id"),
            col("failed"),
            col("rate"),
            col("params"));
  }

  /**
   * Returns one row for each run, with the model variant as the value of parameter {@value
   * Arm#MODEL}; the expected failure rate is that of the study.
   */
  private static Dataset<Row> models(Dataset<Row> judged) {
    String[] group = {"study", "outcome"};
    return judged
        .where("model_variant <> ''")
        .join(functions.broadcast(rates(judged, group)), group)
        .select(
            col("study"),
            col("outcome"),
            lit("").as("model_variant"),
            Configurations.id().as("id"),
            col("failed"),
            col("rate"),
            array(struct(lit(Arm.MODEL).as("parameter"), col("model_variant").as("setting")))
                .as("items"));
  }

  /** Counts single values; values that never fail are left out. */
  private static Dataset<Row> singles(Dataset<Row> expecting) {
    String[] value = {"study", "outcome", "model_variant", "parameter", "setting"};
    Dataset<Row> values =
        expecting.select(
            col("study"),
            col("outcome"),
            col("model_variant"),
            col("id"),
            col("failed"),
            col("rate"),
            explode(col("params")).as(new String[] {"parameter", "setting"}));
    Dataset<Row> failing =
        values
            .where("failed = 1")
            .groupBy(columns(value))
            .agg(count(lit(1)).as("failures"))
            .where(col("failures").geq(FEWEST))
            .drop("failures");
    return counted(
        values
            .join(functions.broadcast(failing), value, "left_semi")
            .withColumn("items", array(struct(col("parameter"), col("setting")))));
  }

  private static Dataset<Row> rates(Dataset<Row> judged, String... group) {
    return judged
        .groupBy(columns(group))
        .agg(sum("failed").as("failures"), functions.avg("failed").as("rate"))
        .where(col("failures").geq(FEWEST).and(col("rate").lt(1)))
        .drop("failures");
  }

  private static Dataset<Row> counted(Dataset<Row> rows) {
    return rows.groupBy("study", "outcome", "model_variant", "items")
        .agg(
            count(lit(1)).as("n"),
            sum("failed").as("failed"),
            sum("rate").as("expected"),
            min(when(col("failed").equalTo(1), col("id"))).as("id"),
            max(when(col("failed").equalTo(1), col("id"))).as("id2"),
            min("id").as("id3"))
        .where(col("failed").geq(FEWEST));
  }

  /** Counts sets of two or three suspicious values. */
  private static Dataset<Row> sets(Dataset<Row> expecting, Dataset<Row> singles) {
    Dataset<Row> suspects = suspects(singles);
    Column keys =
        transform(
            map_entries(col("params")), e -> xxhash64(e.getField("key"), e.getField("value")));
    Dataset<Row> ofRuns =
        expecting
            .join(functions.broadcast(suspects), GROUP)
            .withColumn("all", array_sort(array_intersect(keys, map_keys(col("suspects")))))
            .where(size(col("all")).gt(1))
            .withColumn("items", explode(combinations(col("all"))));
    return counted(ofRuns)
        .join(functions.broadcast(suspects), GROUP)
        .withColumn(
            "items", array_sort(transform(col("items"), key -> element_at(col("suspects"), key))))
        .drop("suspects");
  }

  /** Returns the most suspicious values by hash, for each study, outcome and model variant. */
  private static Dataset<Row> suspects(Dataset<Row> singles) {
    Column surprise = col("failed").minus(col("expected")).divide(sqrt(col("expected").plus(1)));
    Column item = col("items").getItem(0);
    Column key = xxhash64(item.getField("parameter"), item.getField("setting"));
    return singles
        .withColumn("surprise", surprise)
        .where(col("surprise").gt(SUSPICIOUS).and(col("model_variant").notEqual("")))
        .withColumn(
            "place",
            row_number()
                .over(
                    Window.partitionBy(columns(GROUP))
                        .orderBy(col("surprise").desc(), col("items"))))
        .where(col("place").leq(MOST_SUSPECTS))
        .groupBy(columns(GROUP))
        .agg(map_from_entries(collect_list(struct(key, item))).as("suspects"));
  }

  /** Returns all pairs and triples of an array's elements. */
  private static Column combinations(Column all) {
    Column pairs = flatten(transform(all, (a, i) -> transform(after(all, i), b -> array(a, b))));
    Column triples =
        flatten(
            flatten(
                transform(
                    all,
                    (a, i) ->
                        transform(
                            after(all, i),
                            (b, j) ->
                                transform(after(all, i.plus(j).plus(1)), c -> array(a, b, c))))));
    return concat(pairs, triples);
  }

  private static Column[] columns(String... names) {
    return Arrays.stream(names).map(functions::col).toArray(Column[]::new);
  }

  private static Column after(Column all, Column index) {
    return slice(all, index.plus(2), size(all));
  }
}
