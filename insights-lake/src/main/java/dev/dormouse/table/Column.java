package dev.dormouse.table;

/**
 * One column of a table.
 *
 * @param name the name, in snake case
 * @param type the type of the values
 * @param nullable whether a value may be missing
 * @param comment meaning and unit, for people
 */
public record Column(String name, ColumnType type, boolean nullable, String comment) {
  public Column {
    if (comment.isBlank()) {
      throw new IllegalArgumentException("Column " + name + " has no comment");
    }
  }
}
