package dev.dormouse.model;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Canonical spelling of parameter values. Histories spell the same value as {@code 0.001}, {@code
 * 1e-3} or {@code 1.0E-3}; arms can only be compared if all are spelled alike.
 */
public final class ParamValue {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");

  private ParamValue() {}

  /**
   * Returns the canonical spelling: numbers without trailing zeros ({@code 0.001}, {@code 1E-7}),
   * booleans in lower case, lists without blanks; everything else is only trimmed.
   */
  public static String canonical(String raw) {
    String text = raw.strip();
    if (NUMBER.matcher(text).matches()) {
      BigDecimal number = new BigDecimal(text).stripTrailingZeros();
      boolean plain = number.scale() <= 6 && number.precision() - number.scale() <= 12;
      return plain ? number.toPlainString() : number.toString();
    }
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return text.toLowerCase(Locale.ROOT);
    }
    return text.startsWith("[") ? text.replace(" ", "") : text;
  }

  /** Returns the canonical spelling of a number. */
  public static String canonical(double number) {
    return canonical(BigDecimal.valueOf(number).toString());
  }

  /** Returns the value as a number; empty if it is not a number. */
  public static OptionalDouble number(String value) {
    return NUMBER.matcher(value).matches()
        ? OptionalDouble.of(Double.parseDouble(value))
        : OptionalDouble.empty();
  }
}
