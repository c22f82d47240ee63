package dev.dormouse.table;

import java.util.List;
import java.util.stream.Collectors;

/** Renders all tables as Markdown, {@code docs/tables.md}. Pure. */
public final class TablesDocument {
  private TablesDocument() {}

  /** The document. */
  public static String markdown(List<Table> tables) {
    StringBuilder text = new StringBuilder();
    text.append("# Tables of the lake\n\n")
        .append(
            "Generated from `insights-lake/.../table`; do not edit. Each table is a Delta table at ")
        .append(
            "`LAKE/<name>`.\nTables written by `kernel` have NOT NULL in Delta and their other ")
        .append(
            "constraints checked by the writer; those written by `spark` have\nDelta CHECK constraints.\n\n")
        .append("| table | written by | key | what one row is |\n|---|---|---|---|\n");
    for (Table table : tables) {
      text.append("| [`")
          .append(table.name())
          .append("`](#")
          .append(table.name())
          .append(") | ")
          .append(writer(table))
          .append(" | ")
          .append(String.join(", ", table.key()))
          .append(" | ")
          .append(table.comment())
          .append(" |\n");
    }
    tables.forEach(table -> append(text, table));
    return text.toString();
  }

  private static String writer(Table table) {
    return table.writer() == Table.Writer.SPARK ? "spark" : "kernel";
  }

  private static void append(StringBuilder text, Table table) {
    text.append("\n## ")
        .append(table.name())
        .append("\n\n")
        .append(table.comment())
        .append(".\n\n")
        .append("| column | type | missing? | meaning |\n|---|---|---|---|\n");
    for (Column column : table.columns()) {
      text.append("| `")
          .append(column.name())
          .append("` | ")
          .append(column.type().sql())
          .append(" | ")
          .append(column.nullable() ? "may be" : "never")
          .append(" | ")
          .append(column.comment())
          .append(" |\n");
    }
    if (!table.checks().isEmpty()) {
      text.append("\nConstraints: ")
          .append(
              table.checks().stream()
                  .map(check -> "`" + check.rule() + "`")
                  .collect(Collectors.joining("; ")))
          .append(".\n");
    }
  }
}
