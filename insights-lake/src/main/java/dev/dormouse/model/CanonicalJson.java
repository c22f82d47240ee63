package dev.dormouse.model;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes JSON in the canonical form of RFC 8785: no white space, keys ordered by UTF-16 code units,
 * numbers as ECMAScript writes them. Equal values give equal texts, whatever wrote them.
 *
 * <p>Two departures, both for texts that are only hashed: integers beyond 2^53 are written as
 * strings (RFC 8785, appendix D), and surrogates without a partner are not refused.
 */
public final class CanonicalJson {
  private static final long LARGEST_EXACT_INTEGER = 1L << 53;

  private CanonicalJson() {}

  /**
   * Returns the canonical text of a value.
   *
   * @param value a map with text keys, a collection, a text, a boolean or a number
   * @throws IllegalArgumentException if it is of another type, or holds NaN or an infinite number
   */
  public static String of(Object value) {
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, Object> sorted = new TreeMap<>();
      map.forEach((key, entry) -> sorted.put((String) key, entry));
      return sorted.entrySet().stream()
          .map(entry -> text(entry.getKey()) + ":" + of(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof Collection<?> collection) {
      return collection.stream().map(CanonicalJson::of).collect(Collectors.joining(",", "[", "]"));
    }
    if (value instanceof String text) {
      return text(text);
    }
    if (value instanceof Double number) {
      return number(number);
    }
    if (value instanceof Long || value instanceof Integer) {
      long number = ((Number) value).longValue();
      boolean exact = Math.abs(number) <= LARGEST_EXACT_INTEGER && number != Long.MIN_VALUE;
      return exact ? Long.toString(number) : text(Long.toString(number));
    }
    if (value instanceof Boolean) {
      return value.toString();
    }
    throw new IllegalArgumentException("No canonical JSON for " + value);
  }

  private static String text(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\b' -> json.append("\\b");
        case '\t' -> json.append("\\t");
        case '\n' -> json.append("\\n");
        case '\f' -> json.append("\\f");
        case '\r' -> json.append("\\r");
        default -> {
          if (c < ' ') {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }

  /** ECMAScript's Number::toString. */
  private static String number(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("No canonical JSON for " + number);
    }
    if (number == 0) {
      return "0";
    }
    BigDecimal shortest = shortest(Math.abs(number));
    String digits = shortest.unscaledValue().toString();
    // The number is 0.DIGITS times 10 to the power of point.
    int point = digits.length() - shortest.scale();
    String sign = number < 0 ? "-" : "";
    if (point > 21 || point <= -6) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      String exponent = (point > 0 ? "+" : "-") + Math.abs(point - 1);
      return sign + digits.charAt(0) + fraction + "e" + exponent;
    }
    if (point >= digits.length()) {
      return sign + digits + "0".repeat(point - digits.length());
    }
    return point > 0
        ? sign + digits.substring(0, point) + "." + digits.substring(point)
        : sign + "0." + "0".repeat(-point) + digits;
  }

  /**
   * Returns the decimal of fewest digits that reads back as this number, the closest one if there
   * are several. {@link Double#toString} writes more digits than needed in Java 18 and older.
   */
  private static BigDecimal shortest(double number) {
    BigDecimal exact = new BigDecimal(number);
    int digits = new BigDecimal(Double.toString(number)).stripTrailingZeros().precision();
    BigDecimal shortest = closest(exact, number, digits).findFirst().orElseThrow();
    while (--digits > 0) {
      var shorter = closest(exact, number, digits).findFirst();
      if (shorter.isEmpty()) {
        break;
      }
      shortest = shorter.get();
    }
    return shortest.stripTrailingZeros();
  }

  private static Stream<BigDecimal> closest(BigDecimal exact, double number, int digits) {
    return Stream.of(RoundingMode.DOWN, RoundingMode.UP)
        .map(mode -> exact.round(new MathContext(digits, mode)))
        .filter(decimal -> decimal.doubleValue() == number)
        .sorted((a, b) -> a.subtract(exact).abs().compareTo(b.subtract(exact).abs()));
  }
}
