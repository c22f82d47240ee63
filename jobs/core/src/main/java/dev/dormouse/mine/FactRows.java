package dev.dormouse.mine;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.map_from_arrays;

import dev.dormouse.mine.Fact.Kind;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Builds rows of {@code study_facts}. */
final class FactRows {
  /** No parameters, or no values. */
  static final Column NONE = array().cast("array<string>");

  private FactRows() {}

  /**
   * Brings rows into the columns of {@code study_facts}, without the fingerprint.
   *
   * @param rows with columns study, metric, model_variant, evidence and the named numbers; numbers
   *     that are missing or null are left out
   */
  static Dataset<Row> facts(
      Dataset<Row> rows, Kind kind, Column parameters, Column from, Column to, String... numbers) {
    Column names = array(Arrays.stream(numbers).map(functions::lit).toArray(Column[]::new));
    Column values =
        array(
            Arrays.stream(numbers)
                .map(name -> column(rows, name).cast("double"))
                .toArray(Column[]::new));
    return rows.select(
        col("study"),
        lit(kind.id()).as("fact"),
        col("metric"),
        col("model_variant"),
        parameters.as("parameters"),
        from.as("from_values"),
        to.as("to_values"),
        map_filter(map_from_arrays(names, values), (name, value) -> value.isNotNull())
            .as("numbers"),
        col("evidence"));
  }

  private static Column column(Dataset<Row> rows, String name) {
    return Arrays.asList(rows.columns()).contains(name) ? col(name) : lit(null);
  }

  /** Returns the distinct ids of these columns that are not null. */
  static Column ids(String... columns) {
    Column all = array(Arrays.stream(columns).map(functions::col).toArray(Column[]::new));
    return columns.length == 0
        ? array().cast("array<bigint>")
        : array_distinct(filter(all, Column::isNotNull));
  }
}
