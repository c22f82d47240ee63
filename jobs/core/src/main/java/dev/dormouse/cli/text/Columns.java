package dev.dormouse.cli.text;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** Prints a table; each column is as wide as its widest cell. */
public final class Columns {
  private static final int GAP = 2;

  private Columns() {}

  public static void print(PrintWriter out, List<String> headings, List<List<String>> rows) {
    Column[] columns = new Column[headings.size()];
    for (int i = 0; i < columns.length; i++) {
      int width = headings.get(i).length();
      for (List<String> row : rows) {
        width = Math.max(width, row.get(i).length());
      }
      columns[i] = new Column(width + GAP, 0, Overflow.SPAN);
    }
    TextTable table = TextTable.forColumns(Help.defaultColorScheme(Help.Ansi.OFF), columns);
    table.addRowValues(headings.toArray(String[]::new));
    rows.forEach(row -> table.addRowValues(row.toArray(String[]::new)));
    out.print(table);
    out.flush();
  }
}
