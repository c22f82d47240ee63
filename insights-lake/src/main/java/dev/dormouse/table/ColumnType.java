package dev.dormouse.table;

import java.util.List;
import java.util.Map;

/**
 * The column types that all readers of the lake (Spark, Kernel, polars, DuckDB) read in the same
 * way.
 */
public enum ColumnType {
  STRING("STRING", String.class),
  LONG("BIGINT", Long.class),
  INT("INT", Integer.class),
  DOUBLE("DOUBLE", Double.class),
  BOOLEAN("BOOLEAN", Boolean.class),
  /** An instant in UTC, microseconds. */
  TIMESTAMP("TIMESTAMP", java.time.Instant.class),
  STRINGS("ARRAY<STRING>", List.class),
  STRING_MAP("MAP<STRING, STRING>", Map.class),
  DOUBLE_MAP("MAP<STRING, DOUBLE>", Map.class),
  LONGS("ARRAY<BIGINT>", List.class),
  FLOATS("ARRAY<FLOAT>", List.class);

  private final String sql;
  private final Class<?> javaClass;

  ColumnType(String sql, Class<?> javaClass) {
    this.sql = sql;
    this.javaClass = javaClass;
  }

  /** Returns the type in SQL. */
  public String sql() {
    return sql;
  }

  /** Returns the class of the values in a {@link TableRow}. */
  public Class<?> javaClass() {
    return javaClass;
  }
}
