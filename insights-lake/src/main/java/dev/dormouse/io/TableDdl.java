package dev.dormouse.io;

import dev.dormouse.table.Column;
import dev.dormouse.table.Table;
import java.util.List;
import java.util.stream.Collectors;

/** The SQL that makes a table, derived from its declaration. */
final class TableDdl {
  private TableDdl() {}

  /**
   * {@code CREATE TABLE} with comments, NOT NULL and CHECKs. Delta takes CHECKs as table properties
   * too, which saves one commit for each against {@code ALTER TABLE ADD CONSTRAINT}.
   */
  static String create(Table table, String identifier) {
    String columns =
        table.columns().stream().map(TableDdl::column).collect(Collectors.joining(",\n  "));
    String checks =
        table.checks().stream()
            .map(check -> ", 'delta.constraints." + check.name() + "' = " + quoted(check.sql()))
            .collect(Collectors.joining());
    return "CREATE TABLE IF NOT EXISTS "
        + identifier
        + " (\n  "
        + columns
        + "\n) USING delta COMMENT "
        + quoted(table.comment())
        + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'false'"
        + checks
        + ")";
  }

  /** {@code ALTER TABLE} that adds columns whose values may be missing. */
  static String addColumns(List<Column> columns, String identifier) {
    return "ALTER TABLE "
        + identifier
        + " ADD COLUMNS ("
        + columns.stream().map(TableDdl::column).collect(Collectors.joining(", "))
        + ")";
  }

  private static String column(Column column) {
    return column.name()
        + " "
        + column.type().sql()
        + (column.nullable() ? "" : " NOT NULL")
        + " COMMENT "
        + quoted(column.comment());
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
