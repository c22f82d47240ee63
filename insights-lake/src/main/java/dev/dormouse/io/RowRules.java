package dev.dormouse.io;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.table.Check;
import dev.dormouse.table.SparkTypes;
import dev.dormouse.table.Table;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a data set must satisfy to be written to a table: exactly its columns, its types, its
 * required values and its checks. Spark must make the checks itself where Delta has none, on the
 * tables that Kernel writes; elsewhere Delta's own constraints stand behind these clearer messages.
 */
final class RowRules {
  private RowRules() {}

  /**
   * The rows with the table's columns in order, by name. Writing them fails at the first row that
   * violates a rule.
   *
   * @throws LakeException if columns are unknown, missing or of another type
   */
  static Dataset<Row> conformed(Table table, Dataset<Row> rows) {
    StructType schema = SparkTypes.schema(table);
    requireSameColumns(table, schema, rows);
    return typed(table, schema, rows)
        .select(
            table.columns().stream().map(column -> guarded(table, column)).toArray(Column[]::new));
  }

  /** {@code Dataset.to} alone would drop unknown columns silently. */
  private static void requireSameColumns(Table table, StructType schema, Dataset<Row> rows) {
    SortedSet<String> unknown = new TreeSet<>(Arrays.asList(rows.columns()));
    unknown.removeAll(Arrays.asList(schema.fieldNames()));
    SortedSet<String> missing = new TreeSet<>(Arrays.asList(schema.fieldNames()));
    missing.removeAll(Arrays.asList(rows.columns()));
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw new LakeException(
          "Cannot write table "
              + table.name()
              + ": unknown columns "
              + unknown
              + ", missing columns "
              + missing);
    }
  }

  private static Dataset<Row> typed(Table table, StructType schema, Dataset<Row> rows) {
    StructField[] nullable =
        Arrays.stream(schema.fields())
            .map(field -> new StructField(field.name(), field.dataType(), true, field.metadata()))
            .toArray(StructField[]::new);
    try {
      return rows.to(new StructType(nullable));
    } catch (Exception e) { // Spark's AnalysisException is checked, but not declared.
      throw new LakeException("Cannot write table " + table.name() + ": " + e.getMessage(), e);
    }
  }

  private static Column guarded(Table table, dev.dormouse.table.Column column) {
    Column value = col(column.name());
    String name = table.name() + "." + column.name();
    Column guarded = value;
    for (Check check : table.checks()) {
      if (check.column().equals(column.name())) {
        Column complaint =
            concat(
                lit(name + " is '"),
                value.cast("string"),
                lit("'; it must satisfy " + check.rule()));
        guarded = when(not(expr(check.sql())), raise_error(complaint)).otherwise(guarded);
      }
    }
    return (column.nullable()
            ? guarded
            : when(value.isNull(), raise_error(lit(name + " must have a value")))
                .otherwise(guarded))
        .as(column.name());
  }
}
