package dev.dormouse.table;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One row of a table as Java values by column name, exchanged by Spark, Kernel and the codecs. The
 * builder refuses unknown columns, wrong types, missing values and values that violate a {@link
 * Check}.
 */
public final class TableRow {
  private final Table table;
  private final Map<String, Object> values;

  private TableRow(Table table, Map<String, Object> values) {
    this.table = table;
    this.values = Collections.unmodifiableMap(values);
  }

  /** Returns the table of the row. */
  public Table table() {
    return table;
  }

  /** Returns the value as stored, or null if it is missing; for storage adapters only. */
  public Object raw(String column) {
    Object value = values.get(column);
    if (value == null && !values.containsKey(column)) {
      throw new IllegalArgumentException("Table " + table.name() + " has no column " + column);
    }
    return value;
  }

  /** Returns a required text. */
  public String text(String column) {
    return value(column, String.class);
  }

  /** Returns an optional text. */
  public Optional<String> optionalText(String column) {
    return Optional.ofNullable((String) raw(column));
  }

  /** Returns a required whole number. */
  public long number(String column) {
    return value(column, Number.class).longValue();
  }

  /** Returns an optional whole number. */
  public OptionalLong optionalNumber(String column) {
    Number number = (Number) raw(column);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number.longValue());
  }

  /** Returns a required fraction. */
  public double fraction(String column) {
    return value(column, Double.class);
  }

  /** Returns an optional fraction. */
  public OptionalDouble optionalFraction(String column) {
    Double fraction = (Double) raw(column);
    return fraction == null ? OptionalDouble.empty() : OptionalDouble.of(fraction);
  }

  /** Returns a required truth value. */
  public boolean flag(String column) {
    return value(column, Boolean.class);
  }

  /** Returns a required instant. */
  public Instant instant(String column) {
    return value(column, Instant.class);
  }

  /** Returns an optional instant. */
  public Optional<Instant> optionalInstant(String column) {
    return Optional.ofNullable((Instant) raw(column));
  }

  /** Returns a list of texts; empty if it is missing. */
  @SuppressWarnings("unchecked")
  public List<String> texts(String column) {
    List<String> texts = (List<String>) raw(column);
    return texts == null ? List.of() : texts;
  }

  /** Returns a map of texts; empty if it is missing. */
  @SuppressWarnings("unchecked")
  public Map<String, String> textMap(String column) {
    Map<String, String> map = (Map<String, String>) raw(column);
    return map == null ? Map.of() : map;
  }

  /** Returns a map of fractions; empty if it is missing. */
  @SuppressWarnings("unchecked")
  public Map<String, Double> fractionMap(String column) {
    Map<String, Double> map = (Map<String, Double>) raw(column);
    return map == null ? Map.of() : map;
  }

  private <T> T value(String column, Class<T> type) {
    Object value = raw(column);
    if (value == null) {
      throw new IllegalStateException(table.name() + "." + column + " is missing");
    }
    return type.cast(value);
  }

  @Override
  public String toString() {
    return table.name() + values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableRow row && row.table.equals(table) && row.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Returns a builder of a row. */
  public static Builder of(Table table) {
    return new Builder(table);
  }

  /** Builds a row. */
  public static final class Builder {
    private final Table table;
    private final Map<String, Object> values = new LinkedHashMap<>();

    private Builder(Table table) {
      this.table = table;
    }

    /** Sets a value, or the content of an {@link Optional}; null or empty means missing. */
    public Builder set(String column, Object value) {
      Column declared =
          table
              .column(column)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "Table " + table.name() + " has no column " + column));
      Object plain = plain(value);
      if (plain != null && !declared.type().javaClass().isInstance(plain)) {
        throw new IllegalArgumentException(
            table.name()
                + "."
                + column
                + " takes "
                + declared.type()
                + ", not a "
                + plain.getClass().getSimpleName());
      }
      values.put(column, plain);
      return this;
    }

    private static Object plain(Object value) {
      if (value instanceof Optional<?> optional) {
        return optional.orElse(null);
      }
      if (value instanceof OptionalDouble optional) {
        return optional.isPresent() ? optional.getAsDouble() : null;
      }
      if (value instanceof OptionalLong optional) {
        return optional.isPresent() ? optional.getAsLong() : null;
      }
      return value;
    }

    /**
     * Returns the row.
     *
     * @throws IllegalArgumentException if a required value is missing or a check fails
     */
    public TableRow build() {
      Map<String, Object> ordered = new LinkedHashMap<>();
      for (Column column : table.columns()) {
        Object value = values.get(column.name());
        if (value == null && !column.nullable()) {
          throw new IllegalArgumentException(
              table.name() + "." + column.name() + " must have a value");
        }
        ordered.put(column.name(), value);
      }
      for (Check check : table.checks()) {
        if (!check.admits(ordered.get(check.column()))) {
          throw new IllegalArgumentException(
              table.name()
                  + "."
                  + check.column()
                  + " is '"
                  + ordered.get(check.column())
                  + "'; it must satisfy "
                  + check.rule());
        }
      }
      return new TableRow(table, ordered);
    }
  }
}
