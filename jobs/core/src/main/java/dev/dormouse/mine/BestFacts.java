package dev.dormouse.mine;

import static dev.dormouse.mine.FactRows.NONE;
import static dev.dormouse.mine.FactRows.facts;
import static dev.dormouse.mine.FactRows.ids;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.mine.Fact.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Facts about the best configurations of model variants. */
final class BestFacts {
  /** Numbers of tries for which model variants are compared at equal effort. */
  static final List<Integer> TRIES = List.of(1, 2, 4, 8, 16);

  private BestFacts() {}

  /**
   * Returns the expected best of several configurations of a model variant: the expected maximum of
   * a random sample with replacement (Dodge et al. 2019, "Show Your Work: Improved Reporting of
   * Experimental Results", equation 7), so that a variant does not rank higher only because it was
   * tried more often.
   */
  static Dataset<Row> models(Dataset<Row> configurations) {
    Column[] slice = {col("study"), col("metric"), col("model_variant")};
    Column n = col("n");
    Dataset<Row> ranked =
        configurations
            .where("model_variant <> ''")
            .withColumn("rank", row_number().over(Window.partitionBy(slice).orderBy("gain", "id")))
            .withColumn("n", count(lit(1)).over(Window.partitionBy(slice)));
    Column[] bests =
        TRIES.stream()
            .map(
                tries -> {
                  Column share =
                      pow(col("rank").divide(n), tries)
                          .minus(pow(col("rank").minus(1).divide(n), tries));
                  return sum(share.multiply(col("gain"))).as("best_of_" + tries);
                })
            .toArray(Column[]::new);
    Dataset<Row> rows =
        ranked
            .groupBy(slice)
            .agg(count(lit(1)).as("n"), bests)
            .join(
                ranked
                    .groupBy(slice)
                    .agg(max_by(col("id"), col("rank")).as("id"), avg("cost").as("cost")),
                new String[] {"study", "metric", "model_variant"})
            .withColumn("evidence", ids("id"));
    String[] numbers =
        Stream.concat(Stream.of("n", "cost"), TRIES.stream().map(tries -> "best_of_" + tries))
            .toArray(String[]::new);
    return facts(rows, Kind.MODEL, NONE, NONE, NONE, numbers);
  }

  /**
   * Returns the value of each varied numeric parameter in the best configuration of a model
   * variant.
   */
  static Dataset<Row> best(Dataset<Row> configurations) {
    Dataset<Row> values =
        configurations
            .select(
                col("study"),
                col("metric"),
                col("model_variant"),
                col("gain"),
                col("id"),
                explode(col("params")).as(new String[] {"parameter", "setting"}))
            .withColumn("number", expr("try_cast(setting AS DOUBLE)"))
            .where("number IS NOT NULL");
    Dataset<Row> rows =
        values
            .groupBy("study", "metric", "model_variant", "parameter")
            .agg(
                max_by(col("number"), col("gain")).as("best"),
                countDistinct("number").as("n_values"),
                min("number").as("lowest"),
                max("number").as("highest"),
                min(when(col("number").gt(0), col("number"))).as("lowest_positive"),
                max_by(col("id"), col("gain")).as("id"))
            .where("n_values >= 2")
            .withColumn("evidence", ids("id"));
    return facts(
        rows,
        Kind.BEST,
        array(col("parameter")),
        NONE,
        NONE,
        "best",
        "n_values",
        "lowest",
        "highest",
        "lowest_positive");
  }
}
