package dev.dormouse.eval.bench;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Differences between two tables of paired effects.
 *
 * @param onlyMiner number of steps that only the miner found
 * @param onlyDuckDb number of steps that only DuckDB found
 * @param differentPairs number of steps that both found, with different numbers of pairs
 * @param largestDifference largest absolute difference between the two mean differences of a step,
 *     in the metric's units
 */
public record SliceComparison(
    @JsonProperty("only_miner") long onlyMiner,
    @JsonProperty("only_duckdb") long onlyDuckDb,
    @JsonProperty("different_pairs") long differentPairs,
    @JsonProperty("largest_difference") double largestDifference) {
  /** The columns that identify a step. */
  static final List<String> KEY =
      List.of("study", "metric", "model_variant", "parameter", "from", "to");

  /** Compares two tables with the columns of {@link #KEY}, {@code difference}, {@code n_pairs}. */
  public static SliceComparison of(Dataset<Row> miner, Dataset<Row> duckDb) {
    Dataset<Row> left = renamed(miner, "miner");
    Dataset<Row> right = renamed(duckDb, "duckdb");
    Column inMiner = col("miner_n_pairs").isNotNull();
    Column inDuckDb = col("duckdb_n_pairs").isNotNull();
    Column distance = abs(col("miner_difference").minus(col("duckdb_difference")));
    Row counts =
        left.join(right, KEY.toArray(String[]::new), "full_outer")
            .agg(
                count_if(inDuckDb.equalTo(false)).as("only_miner"),
                count_if(inMiner.equalTo(false)).as("only_duckdb"),
                count_if(col("miner_n_pairs").notEqual(col("duckdb_n_pairs")))
                    .as("different_pairs"),
                coalesce(max(distance), lit(0.0)).as("largest_difference"))
            .first();
    return new SliceComparison(
        counts.getAs("only_miner"),
        counts.getAs("only_duckdb"),
        counts.getAs("different_pairs"),
        counts.getAs("largest_difference"));
  }

  private static Dataset<Row> renamed(Dataset<Row> slices, String engine) {
    Column[] columns =
        Stream.concat(
                KEY.stream().map(name -> col("`" + name + "`")),
                Stream.of(
                    col("difference").as(engine + "_difference"),
                    col("n_pairs").as(engine + "_n_pairs")))
            .toArray(Column[]::new);
    return slices.select(columns);
  }
}
