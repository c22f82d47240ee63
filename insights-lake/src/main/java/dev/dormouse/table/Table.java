package dev.dormouse.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The only declaration of a table of the lake: name, meaning, columns, key and constraints.
 *
 * @param name directory below the lake, and the name that notebooks use
 * @param comment what one row is
 * @param writer the engine that writes it, which determines how checks are enforced
 * @param columns the columns, in order
 * @param key the columns that identify a row
 * @param checks further constraints
 */
public record Table(
    String name,
    String comment,
    Writer writer,
    List<Column> columns,
    List<String> key,
    List<Check> checks) {

  /** The engine that writes a table. */
  public enum Writer {
    /** Spark; Delta CHECK constraints enforce the checks. */
    SPARK,
    /** Delta Kernel in ticks and commands (Spark in imports); the writer enforces the checks. */
    KERNEL
  }

  public Table {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    checks = List.copyOf(checks);
    List<String> names = columns.stream().map(Column::name).collect(Collectors.toList());
    for (String named : key) {
      require(names, named, name);
    }
    for (Check check : checks) {
      require(names, check.column(), name);
    }
  }

  private static void require(List<String> names, String column, String table) {
    if (!names.contains(column)) {
      throw new IllegalArgumentException("Table " + table + " has no column " + column);
    }
  }

  /** Returns the column with this name. */
  public Optional<Column> column(String columnName) {
    // No stream, as millions of rows are built.
    for (Column column : columns) {
      if (column.name().equals(columnName)) {
        return Optional.of(column);
      }
    }
    return Optional.empty();
  }

  /** Returns a builder of a table. */
  public static Builder named(String name, Writer writer, String comment) {
    return new Builder(name, writer, comment);
  }

  /** Builds a table. */
  public static final class Builder {
    private final String name;
    private final Writer writer;
    private final String comment;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final List<Check> checks = new ArrayList<>();
    private List<String> key = List.of();

    private Builder(String name, Writer writer, String comment) {
      this.name = name;
      this.writer = writer;
      this.comment = comment;
    }

    /** Adds a column that always has a value. */
    public Builder required(String column, ColumnType type, String columnComment) {
      columns.put(column, new Column(column, type, false, columnComment));
      return this;
    }

    /** Adds a column whose value may be missing. */
    public Builder optional(String column, ColumnType type, String columnComment) {
      columns.put(column, new Column(column, type, true, columnComment));
      return this;
    }

    /** Sets the columns that identify a row. */
    public Builder key(String... names) {
      key = List.of(names);
      return this;
    }

    /** Adds a constraint. */
    public Builder check(Check check) {
      checks.add(check);
      return this;
    }

    /** Returns the table. */
    public Table build() {
      return new Table(name, comment, writer, List.copyOf(columns.values()), key, checks);
    }
  }
}
