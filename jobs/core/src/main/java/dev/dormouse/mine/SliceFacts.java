package dev.dormouse.mine;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Aggregates pairs and cells to slices, the units of a meta-analysis: a study and model variant.
 */
final class SliceFacts {
  /** The evidence of a slice is one pair from each of so many arbitrary but fixed parts of it. */
  private static final int EVIDENCE_PAIRS = 8;

  private static final String[] SLICE = {"study", "metric", "model_variant"};

  private SliceFacts() {}

  /** Returns one row for each step within a study and model variant. */
  static Dataset<Row> ofSteps(Dataset<Row> pairs) {
    return summarized(
        pairs,
        new String[] {"parameter", "from", "to"},
        List.of("from_id", "to_id"),
        List.of("log_cost_ratio", "at", "crosses", "seed_share"));
  }

  /** Returns one row for each interaction within a study and model variant. */
  static Dataset<Row> ofInteractions(Dataset<Row> cells) {
    return summarized(
        cells,
        new String[] {"parameter", "from", "to", "parameter2", "from2", "to2"},
        List.of("from_id", "to_id", "from_id2", "to_id2"),
        List.of("gain_before", "gain_after", "crosses", "seed_share"));
  }

  /**
   * Returns mean and variance of the gain by slice and key, means of other columns, and some ids.
   * Sums are taken by part first: one pair of each part is evidence, however large the slice is.
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
}
