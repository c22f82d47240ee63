package dev.dormouse.mine;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
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

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Arm;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/**
 * How often runs with certain values fail, beside what their study and model variant would make one
 * expect: frequent item sets of one to three values (Agrawal and Srikant 1994), where a set is
 * looked at only if each of its values is suspicious by itself.
 */
final class Failures {
  /** Fewer failures than these teach nothing. */
  private static final int FEWEST = 3;

  /** Values of one study and model variant that are combined, most suspicious first. */
  private static final int MOST_SUSPECTS = 10;

  private static final String[] GROUP = {"study", "outcome", "model_variant"};

  private Failures() {}

  /** Facts of kind failure; their metric is {@code collapse} or {@code no_result}. */
  static Dataset<Row> of(Dataset<Row> runs, Cached cached) {
    Dataset<Row> judged = judged(runs);
    Dataset<Row> items = cached.keep(items(judged));
    Dataset<Row> singles =
        counted(items.withColumn("items", array(col("item")))).where(col("failed").geq(FEWEST));
    Dataset<Row> sets = counted(combinations(items, singles)).where(col("failed").geq(FEWEST));
    Dataset<Row> all = singles.unionByName(sets).withColumn("metric", col("outcome"));
    return StudyFacts.facts(
        all.withColumn("evidence", StudyFacts.ids("id", "id2", "id3")),
        Kind.FAILURE,
        col("items.parameter"),
        array().cast("array<string>"),
        col("items.setting"),
        "n",
        "failed",
        "expected");
  }

  /**
   * Each run once for each way to fail: learnt nothing (collapsed, diverged), or came to no result
   * (out of memory, timeout, crash, or nothing is known). Runs that failed the other way, and those
   * that were stopped by people or by the machine, tell nothing of it.
   */
  private static Dataset<Row> judged(Dataset<Row> runs) {
    Dataset<Row> collapse =
        runs.where("status IN ('ok', 'collapsed', 'diverged')")
            .withColumn("outcome", lit("collapse"));
    Dataset<Row> noResult =
        runs.where("status IN ('ok', 'oom', 'timeout', 'failed', 'no_result')")
            .withColumn("outcome", lit("no_result"));
    return collapse
        .unionByName(noResult)
        .withColumn("failed", when(col("status").equalTo("ok"), 0L).otherwise(1L));
  }

  /**
   * One row a run and value, with the rate to expect: of a parameter's value the rate of its study
   * and model variant, of a model variant (here the value of parameter {@value Arm#MODEL}) that of
   * its study. Only where there are failures, and only what was varied.
   */
  private static Dataset<Row> items(Dataset<Row> judged) {
    Dataset<Row> rates = rates(judged, "study", "outcome", "model_variant");
    Dataset<Row> withVaried =
        Configurations.withVaried(judged)
            .join(functions.broadcast(rates), GROUP)
            .select(
                col("study"),
                col("outcome"),
                col("model_variant"),
                Configurations.id().as("id"),
                col("failed"),
                col("rate"),
                explode(col("params")).as(new String[] {"parameter", "setting"}));
    Dataset<Row> models =
        judged
            .where("model_variant <> ''")
            .join(
                functions.broadcast(rates(judged, "study", "outcome")),
                new String[] {"study", "outcome"})
            .select(
                col("study"),
                col("outcome"),
                lit("").as("model_variant"),
                Configurations.id().as("id"),
                col("failed"),
                col("rate"),
                lit(Arm.MODEL).as("parameter"),
                col("model_variant").as("setting"));
    return withVaried
        .unionByName(models)
        .withColumn("item", struct(col("parameter"), col("setting")));
  }

  private static Dataset<Row> rates(Dataset<Row> judged, String... group) {
    Column[] keys = java.util.Arrays.stream(group).map(functions::col).toArray(Column[]::new);
    return judged
        .groupBy(keys)
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
            min("id").as("id3"));
  }

  /** One row a run and set of two or three of its suspicious values. */
  private static Dataset<Row> combinations(Dataset<Row> items, Dataset<Row> singles) {
    Column surprise = col("failed").minus(col("expected")).divide(sqrt(col("expected").plus(1)));
    Dataset<Row> suspects =
        singles
            .withColumn("surprise", surprise)
            .where(col("surprise").gt(0).and(col("model_variant").notEqual("")))
            .withColumn(
                "place",
                row_number()
                    .over(
                        Window.partitionBy("study", "outcome", "model_variant")
                            .orderBy(col("surprise").desc(), col("items"))))
            .where(col("place").leq(MOST_SUSPECTS))
            .select(
                col("study"),
                col("outcome"),
                col("model_variant"),
                col("items").getItem(0).as("item"));
    Dataset<Row> ofRun =
        items
            .join(
                functions.broadcast(suspects),
                new String[] {"study", "outcome", "model_variant", "item"})
            .groupBy("study", "outcome", "model_variant", "id")
            .agg(
                array_sort(collect_list("item")).as("all"),
                first("failed").as("failed"),
                first("rate").as("rate"))
            .where(size(col("all")).gt(1));
    Column all = col("all");
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
    return ofRun.withColumn("items", explode(concat(pairs, triples)));
  }

  private static Column after(Column all, Column index) {
    return slice(all, index.plus(2), size(all));
  }
}
