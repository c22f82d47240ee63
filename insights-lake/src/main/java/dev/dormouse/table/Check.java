package dev.dormouse.table;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A constraint on one column's values (a missing value passes). It is simple enough to be enforced
 * twice: as a Delta CHECK where Spark writes, and by the writer itself where Delta Kernel writes
 * (Kernel refuses tables with CHECKs).
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

  /** The column holds only these values. */
  public static Check oneOf(String column, Collection<String> values) {
    return new Check(column, List.copyOf(values), Double.NaN, Double.NaN);
  }

  /** The column's number is at least {@code low}. */
  public static Check atLeast(String column, double low) {
    return between(column, low, Double.POSITIVE_INFINITY);
  }

  /** The column's number lies between the two, both included. */
  public static Check between(String column, double low, double high) {
    return new Check(column, List.of(), low, high);
  }

  /** The name of the Delta constraint. */
  public String name() {
    return column + (allowed.isEmpty() ? "_in_range" : "_known");
  }

  /** The constraint as a SQL expression that is true of a missing value, too. */
  public String sql() {
    // Spark takes NaN for larger than any number.
    String unlessNaN =
        allowed.isEmpty() && Double.isInfinite(high) ? " AND NOT isnan(" + column + ")" : "";
    return column + " IS NULL OR " + rule() + unlessNaN;
  }

  /** The rule for values that are there, for people. */
  public String rule() {
    if (!allowed.isEmpty()) {
      return column + allowed.stream().collect(Collectors.joining("', '", " IN ('", "')"));
    }
    return Double.isInfinite(high)
        ? column + " >= " + low
        : column + " BETWEEN " + low + " AND " + high;
  }

  /** Whether a value satisfies it. */
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
