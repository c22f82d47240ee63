package dev.dormouse.model;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * The one spelling of a parameter's value. Histories spell the same value as {@code 0.001}, {@code
 * 1e-3} or {@code 1.0E-3}; arms can only be compared when all are written alike.
 */
public final class ParamValue {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");

  private ParamValue() {}

  /**
   * The canonical spelling: numbers without trailing zeros ({@code 0.001}, {@code 1E-7}), booleans
   * in lower case, lists without blanks; all else is only trimmed.
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

  /** The canonical spelling of a number. */
  public static String canonical(double number) {
    return canonical(BigDecimal.valueOf(number).toString());
  }

  /** The value as a number; empty if it is none. */
  public static OptionalDouble number(String value) {
    return NUMBER.matcher(value).matches()
        ? OptionalDouble.of(Double.parseDouble(value))
        : OptionalDouble.empty();
  }
}
