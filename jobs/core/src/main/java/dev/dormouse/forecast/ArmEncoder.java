package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ParamValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * Encodes arms as points: numbers on [0, 1], lists of layer sizes as depth and mean width, anything
 * else as one column for each value. Parameters that do not vary among the arms are left out.
 */
public final class ArmEncoder {
  /** A positive range gets a logarithmic scale if the ratio of its ends is at least this. */
  private static final double WIDE = 8;

  private static final double UNSET = 0.5;

  /** Column value at which two arms with different categories lie at distance 1. */
  private static final double CATEGORY = Math.sqrt(0.5);

  /** Distance between categories, large enough that no two count as close. */
  private static final double FAR = 1_000;

  private final List<ToDoubleFunction<Arm>> columns;
  private final List<ToDoubleFunction<Arm>> settings;

  private ArmEncoder(List<ToDoubleFunction<Arm>> columns, List<ToDoubleFunction<Arm>> settings) {
    this.columns = List.copyOf(columns);
    this.settings = List.copyOf(settings);
  }

  /** Returns an encoder with numbers on their own scale, logarithmic if positive and wide. */
  public static ArmEncoder of(Collection<Arm> arms) {
    return of(arms, ArmEncoder::onOwnScale);
  }

  /**
   * Returns an encoder with numbers by their rank among the values that occur. It suits lists of
   * arms, whose values are usually spaced by their effect, such as {@code beta} on the scale of
   * {@code log(1 - beta)}.
   */
  public static ArmEncoder byRank(Collection<Arm> arms) {
    return of(arms, ArmEncoder::byRankAmong);
  }

  private static ArmEncoder of(Collection<Arm> arms, Spacing spacing) {
    SortedMap<String, SortedSet<String>> values = new TreeMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Arm arm : arms) {
      arm.asMap()
          .forEach(
              (name, value) -> {
                values.computeIfAbsent(name, n -> new TreeSet<>()).add(value);
                counts.merge(name, 1, Integer::sum);
              });
    }
    List<ToDoubleFunction<Arm>> columns = new ArrayList<>();
    List<ToDoubleFunction<Arm>> settings = new ArrayList<>();
    values.forEach(
        (name, seen) -> {
          boolean sometimesUnset = counts.get(name) < arms.size();
          if (seen.size() > 1) {
            addColumns(columns, name, seen, spacing);
          }
          if (sometimesUnset) {
            columns.add(arm -> arm.value(name).isEmpty() ? CATEGORY : 0);
          }
          if (!name.equals(Arm.MODEL)) {
            settings.add(setting(name, seen, spacing));
          }
        });
    return new ArmEncoder(columns, settings);
  }

  /** Returns the arm as a point. */
  public double[] encode(Arm arm) {
    return columns.stream().mapToDouble(column -> column.applyAsDouble(arm)).toArray();
  }

  /**
   * Returns the arm's parameters without the model variant, one number each: numbers on [0, 1],
   * categories far apart, NaN for a parameter that the arm does not set.
   */
  public double[] settings(Arm arm) {
    return settings.stream().mapToDouble(setting -> setting.applyAsDouble(arm)).toArray();
  }

  private static ToDoubleFunction<Arm> setting(
      String name, SortedSet<String> seen, Spacing spacing) {
    if (seen.stream().allMatch(value -> ParamValue.number(value).isPresent())) {
      ToDoubleFunction<Arm> number = number(name, seen, ParamValue::number, spacing);
      return arm -> arm.value(name).isEmpty() ? Double.NaN : number.applyAsDouble(arm);
    }
    List<String> categories = List.copyOf(seen);
    return arm -> arm.value(name).map(value -> FAR * categories.indexOf(value)).orElse(Double.NaN);
  }

  private static void addColumns(
      List<ToDoubleFunction<Arm>> columns, String name, SortedSet<String> seen, Spacing spacing) {
    if (seen.stream().allMatch(value -> ParamValue.number(value).isPresent())) {
      columns.add(number(name, seen, ParamValue::number, spacing));
    } else if (seen.stream().allMatch(value -> layers(value).isPresent())) {
      columns.add(
          number(
              name, seen, value -> OptionalDouble.of(layers(value).orElseThrow().size()), spacing));
      columns.add(number(name, seen, ArmEncoder::meanWidth, spacing));
    } else {
      seen.forEach(
          value ->
              columns.add(arm -> arm.value(name).filter(value::equals).isPresent() ? CATEGORY : 0));
    }
  }

  /** Reads a number from a parameter's text. */
  private interface NumberReader {
    OptionalDouble read(String value);
  }

  private static ToDoubleFunction<Arm> number(
      String name, SortedSet<String> seen, NumberReader reader, Spacing spacing) {
    DoubleUnaryOperator place =
        spacing.of(
            seen.stream().mapToDouble(value -> reader.read(value).orElse(0)).sorted().toArray());
    return arm -> {
      Optional<String> value = arm.value(name);
      OptionalDouble number = value.isEmpty() ? OptionalDouble.empty() : reader.read(value.get());
      return number.isEmpty() ? UNSET : place.applyAsDouble(number.getAsDouble());
    };
  }

  /** Maps numbers to [0, 1], given the sorted numbers that occur. */
  private interface Spacing {
    DoubleUnaryOperator of(double[] sorted);
  }

  private static DoubleUnaryOperator byRankAmong(double[] sorted) {
    double[] distinct = Arrays.stream(sorted).distinct().toArray();
    if (distinct.length == 1) {
      return number -> UNSET;
    }
    return number -> {
      int found = Arrays.binarySearch(distinct, number);
      return Math.min(1, (found < 0 ? -found - 1.0 : found) / (distinct.length - 1));
    };
  }

  private static DoubleUnaryOperator onOwnScale(double[] sorted) {
    double smallestPositive = smallestPositive(sorted);
    double last = sorted[sorted.length - 1];
    boolean log = sorted[0] >= 0 && last / smallestPositive >= WIDE;
    // Zero has no logarithm; it is placed one decade below the smallest positive value.
    double floor = smallestPositive / 10;
    double low = log ? Math.log(Math.max(sorted[0], floor)) : sorted[0];
    double span = (log ? Math.log(last) : last) - low;
    if (span == 0) {
      return number -> UNSET;
    }
    return number -> ((log ? Math.log(Math.max(number, floor)) : number) - low) / span;
  }

  private static double smallestPositive(double[] sorted) {
    for (double number : sorted) {
      if (number > 0) {
        return number;
      }
    }
    return 1;
  }

  private static Optional<List<Double>> layers(String value) {
    if (!value.startsWith("[") || !value.endsWith("]")) {
      return Optional.empty();
    }
    List<Double> sizes = new ArrayList<>();
    for (String size : value.substring(1, value.length() - 1).split(",", -1)) {
      OptionalDouble number = ParamValue.number(size.strip());
      if (number.isPresent()) {
        sizes.add(number.getAsDouble());
      } else if (!size.isBlank()) {
        return Optional.empty();
      }
    }
    return Optional.of(sizes);
  }

  private static OptionalDouble meanWidth(String value) {
    return OptionalDouble.of(
        layers(value).orElseThrow().stream().mapToDouble(Double::doubleValue).average().orElse(0));
  }
}
