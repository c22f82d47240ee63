package dev.dormouse.table;

/**
 * One column of a table.
 *
 * @param name in snake case
 * @param type of its values
 * @param nullable whether a value may be missing
 * @param comment what it means, with its unit, for people
 */
public record Column(String name, ColumnType type, boolean nullable, String comment) {
  public Column {
    if (comment.isBlank()) {
      throw new IllegalArgumentException("Column " + name + " has no comment");
    }
  }
}
