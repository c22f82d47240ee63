package dev.dormouse.table;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A constraint on the values of one column; a missing value satisfies it. Delta enforces it as a
 * CHECK where Spark writes; where Delta Kernel writes, which refuses tables with CHECKs, the writer
 * does.
 *
 * @param column the column
 * @param allowed the only values allowed; empty if bounded by {@code low} and {@code high}
 * @param low lower bound, inclusive
 * @param high upper bound, inclusive
 */
public record Check(String column, List<String> allowed, double low, double high) {
  public Check {
    allowed = List.copyOf(allowed);
  }

  /** Returns the constraint that a column holds only these values. */
  public static Check oneOf(String column, Collection<String> values) {
    return new Check(column, List.copyOf(values), Double.NaN, Double.NaN);
  }

  /** Returns the constraint that a number is at least {@code low}. */
  public static Check atLeast(String column, double low) {
    return between(column, low, Double.POSITIVE_INFINITY);
  }

  /** Returns the constraint that a number lies between two others, both included. */
  public static Check between(String column, double low, double high) {
    return new Check(column, List.of(), low, high);
  }

  /** Returns the name of the Delta constraint. */
  public String name() {
    return column + (allowed.isEmpty() ? "_in_range" : "_known");
  }

  /** Returns the constraint as a SQL expression that is also true for a missing value. */
  public String sql() {
    // Spark takes NaN for larger than any number.
    String unlessNaN =
        allowed.isEmpty() && Double.isInfinite(high) ? " AND NOT isnan(" + column + ")" : "";
    return column + " IS NULL OR " + rule() + unlessNaN;
  }

  /** Returns the rule for values that are present, for people. */
  public String rule() {
    if (!allowed.isEmpty()) {
      return column + allowed.stream().collect(Collectors.joining("', '", " IN ('", "')"));
    }
    return Double.isInfinite(high)
        ? column + " >= " + low
        : column + " BETWEEN " + low + " AND " + high;
  }

  /** Returns whether a value satisfies the constraint. */
  public boolean admits(Object value) {
    if (value == null) {
      return true;
    }
    if (!allowed.isEmpty()) {
      return allowed.contains(value.toString());
    }
    double number = ((Number) value).doubleValue();
    return number >= low && number <= high;
  }
}
