package dev.dormouse.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One dimension of a search space.
 *
 * @param name the parameter's name; {@value Arm#MODEL} for the model variant
 * @param type the type of its values
 * @param low lower end, inclusive, when it has a range (else 0)
 * @param high upper end, inclusive, when it has a range (else 0)
 * @param log whether its range is searched on a logarithmic scale
 * @param choices the only values allowed, canonical and in the given order; empty when it has a
 *     range
 */
public record Parameter(
    String name, Type type, double low, double high, boolean log, List<String> choices) {
  /** The type of a parameter's values. */
  public enum Type {
    INT,
    FLOAT,
    BOOL,
    CATEGORICAL
  }

  private static final int GRID_POINTS = 7;

  public Parameter {
    LinkedHashSet<String> canonical = new LinkedHashSet<>();
    choices.forEach(choice -> canonical.add(ParamValue.canonical(choice)));
    choices = List.copyOf(canonical);
    if (choices.isEmpty() && !(low < high)) {
      throw new IllegalArgumentException(
          "Parameter "
              + name
              + " needs choices, or a range whose first end is below its second; got ["
              + low
              + ", "
              + high
              + "]");
    }
    if (choices.isEmpty() && log && low <= 0) {
      throw new IllegalArgumentException(
          "Parameter " + name + " has a logarithmic range from " + low + "; it must begin above 0");
    }
  }

  /** Returns a parameter with a fixed list of values. */
  public static Parameter ofChoices(String name, Type type, List<String> choices) {
    return new Parameter(name, type, 0, 0, false, choices);
  }

  /** Returns a numeric parameter with a range, both ends included. */
  public static Parameter ofRange(String name, Type type, double low, double high, boolean log) {
    return new Parameter(name, type, low, high, log, List.of());
  }

  /** Returns whether this dimension contains a value. */
  public boolean admits(String value) {
    String canonical = ParamValue.canonical(value);
    if (!choices.isEmpty()) {
      return choices.contains(canonical);
    }
    OptionalDouble number = ParamValue.number(canonical);
    return number.isPresent()
        && number.getAsDouble() >= low
        && number.getAsDouble() <= high
        && (type != Type.INT || number.getAsDouble() == Math.rint(number.getAsDouble()));
  }

  /**
   * Returns representative values: the choices, or points spread evenly over the range (on its
   * scale).
   */
  public List<String> grid() {
    if (!choices.isEmpty()) {
      return choices;
    }
    LinkedHashSet<String> points = new LinkedHashSet<>();
    for (int i = 0; i < GRID_POINTS; i++) {
      points.add(at((double) i / (GRID_POINTS - 1)));
    }
    return new ArrayList<>(points);
  }

  /**
   * Returns the value at a place in the range, on its scale.
   *
   * @param share distance from the lower end, from 0 to 1
   */
  public String at(double share) {
    return rounded(
        log
            ? Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)))
            : low + share * (high - low));
  }

  /**
   * Returns how far a number lies from the lower end of the range, on its scale; see {@link #at}.
   */
  public double share(double number) {
    return log ? Math.log(number / low) / Math.log(high / low) : (number - low) / (high - low);
  }

  /**
   * Returns the number as an admitted value: clamped into the range and rounded to the type and
   * three digits.
   */
  public String rounded(double number) {
    double clamped = Math.min(high, Math.max(low, number));
    if (type == Type.INT) {
      return ParamValue.canonical(Math.rint(clamped));
    }
    double digits = Math.pow(10, 2 - Math.floor(Math.log10(Math.max(Math.abs(clamped), 1e-12))));
    double round = Math.rint(clamped * digits) / digits;
    return ParamValue.canonical(Math.min(high, Math.max(low, round)));
  }
}
