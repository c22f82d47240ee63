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
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rules for a data set that is written to a table: exactly the table's columns, types, required
 * values and checks. Tables that Kernel writes have no Delta constraints, so that Spark must check
 * them; on other tables these rules give clearer messages than Delta's constraints.
 */
final class RowRules {
  private RowRules() {}

  /**
   * Returns the rows with the table's columns in order, matched by name. Writing them fails at the
   * first row that violates a rule.
   *
   * @throws LakeException if columns are unknown, missing or of another type
   */
  static Dataset<Row> conformed(Table table, Dataset<Row> rows) {
    requireSameColumns(table, rows);
    return typed(table, rows)
        .select(
            table.columns().stream().map(column -> guarded(table, column)).toArray(Column[]::new));
  }

  /** {@code Dataset.to} alone drops unknown columns silently. */
  private static void requireSameColumns(Table table, Dataset<Row> rows) {
    List<String> given = Arrays.asList(rows.columns());
    List<String> declared = table.columns().stream().map(dev.dormouse.table.Column::name).toList();
    NavigableSet<String> unknown = new TreeSet<>(given);
    declared.forEach(unknown::remove);
    NavigableSet<String> missing = new TreeSet<>(declared);
    given.forEach(missing::remove);
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

  private static Dataset<Row> typed(Table table, Dataset<Row> rows) {
    try {
      return rows.to(SparkTypes.lenientSchema(table));
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
