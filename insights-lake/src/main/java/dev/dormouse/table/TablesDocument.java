package dev.dormouse.table;

import java.util.List;
import java.util.stream.Collectors;

/** Writes {@code docs/tables.md}, the documentation for readers of the lake, from the tables. */
public final class TablesDocument {
  /** The command that regenerates the document. */
  public static final String REGENERATE =
      "./mvnw test -pl insights-lake -Dtest=TablesDocumentTest -Ddormouse.regenerate=true";

  private TablesDocument() {}

  /** Returns the document as Markdown. */
  public static String markdown(List<Table> tables) {
    return """
        # Tables of the lake

        <!-- Generated from the classes of dev.dormouse.table; do not edit. To write it anew:
        %s -->

        Every table is a Delta table in the directory of its name below the lake; times are UTC. Required
        columns are NOT NULL. Rules are Delta CHECK constraints where Spark alone writes; where Delta Kernel
        writes too (the tick and the command line), which cannot have them, every writer of ours makes them.

        | table | what | key | rules kept by |
        |---|---|---|---|
        %s

        %s
        """
        .formatted(
            REGENERATE,
            tables.stream().map(TablesDocument::summary).collect(Collectors.joining("\n")),
            tables.stream().map(TablesDocument::section).collect(Collectors.joining("\n\n")));
  }

  private static String summary(Table table) {
    return "| [`%s`](#%s) | %s | %s | %s |"
        .formatted(
            table.name(), table.name(), cell(table.comment()), code(table.key()), writer(table));
  }

  private static String section(Table table) {
    String columns =
        table.columns().stream().map(TablesDocument::column).collect(Collectors.joining("\n"));
    String rules =
        table.checks().isEmpty()
            ? ""
            : "\n\nRules:\n"
                + table.checks().stream()
                    .map(check -> "- `" + check.rule() + "`")
                    .collect(Collectors.joining("\n"));
    return "## %s\n\n%s. Key: %s.\n\n| column | type | required | meaning |\n|---|---|---|---|\n%s%s"
        .formatted(table.name(), table.comment(), code(table.key()), columns, rules);
  }

  private static String column(Column column) {
    return "| `%s` | %s | %s | %s |"
        .formatted(
            column.name(),
            code(List.of(column.type().sql())),
            column.nullable() ? "" : "yes",
            cell(column.comment()));
  }

  private static String writer(Table table) {
    return table.writer() == Table.Writer.KERNEL ? "writers" : "Delta";
  }

  private static String code(List<String> names) {
    return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
