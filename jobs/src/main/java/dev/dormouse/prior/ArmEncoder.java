package dev.dormouse.prior;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ParamValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Turns arms into points whose distance means something: numbers on [0, 1] (on a logarithmic scale
 * where they are positive and wide), lists of layer sizes as depth and width, all else as one
 * column a value. What does not vary among the arms is left out.
 */
public final class ArmEncoder {
  /** A positive range is searched on a logarithmic scale from this ratio of its ends on. */
  private static final double WIDE = 8;

  private static final double UNSET = 0.5;

  /** So that two arms with different values of a category lie at distance 1. */
  private static final double CATEGORY = Math.sqrt(0.5);

  /** So that no two values of a category look alike where closeness counts. */
  private static final double FAR = 1_000;

  private final List<ToDoubleFunction<Arm>> columns;
  private final List<ToDoubleFunction<Arm>> settings;

  private ArmEncoder(List<ToDoubleFunction<Arm>> columns, List<ToDoubleFunction<Arm>> settings) {
    this.columns = List.copyOf(columns);
    this.settings = List.copyOf(settings);
  }

  /** The encoder for these arms. */
  public static ArmEncoder of(Collection<Arm> arms) {
    SortedMap<String, SortedSet<String>> values = new TreeMap<>();
    for (Arm arm : arms) {
      arm.asMap()
          .forEach((name, value) -> values.computeIfAbsent(name, n -> new TreeSet<>()).add(value));
    }
    List<ToDoubleFunction<Arm>> columns = new ArrayList<>();
    List<ToDoubleFunction<Arm>> settings = new ArrayList<>();
    values.forEach(
        (name, seen) -> {
          boolean sometimesUnset = arms.stream().anyMatch(arm -> arm.value(name).isEmpty());
          if (seen.size() > 1) {
            addColumns(columns, name, seen);
          }
          if (sometimesUnset) {
            columns.add(arm -> arm.value(name).isEmpty() ? CATEGORY : 0);
          }
          if (!name.equals(Arm.MODEL)) {
            settings.add(setting(name, seen));
          }
        });
    return new ArmEncoder(columns, settings);
  }

  /** The arm as a point. */
  public double[] encode(Arm arm) {
    return columns.stream().mapToDouble(column -> column.applyAsDouble(arm)).toArray();
  }

  /**
   * The arm's parameters, one number each, NaN for one that it does not set: numbers on [0, 1],
   * categories far apart. The model variant is none of them.
   */
  public double[] settings(Arm arm) {
    return settings.stream().mapToDouble(setting -> setting.applyAsDouble(arm)).toArray();
  }

  private static ToDoubleFunction<Arm> setting(String name, SortedSet<String> seen) {
    if (seen.stream().allMatch(value -> ParamValue.number(value).isPresent())) {
      ToDoubleFunction<Arm> number = number(name, seen, ParamValue::number);
      return arm -> arm.value(name).isEmpty() ? Double.NaN : number.applyAsDouble(arm);
    }
    List<String> categories = List.copyOf(seen);
    return arm -> arm.value(name).map(value -> FAR * categories.indexOf(value)).orElse(Double.NaN);
  }

  private static void addColumns(
      List<ToDoubleFunction<Arm>> columns, String name, SortedSet<String> seen) {
    if (seen.stream().allMatch(value -> ParamValue.number(value).isPresent())) {
      columns.add(number(name, seen, ParamValue::number));
    } else if (seen.stream().allMatch(value -> layers(value).isPresent())) {
      columns.add(
          number(name, seen, value -> OptionalDouble.of(layers(value).orElseThrow().size())));
      columns.add(number(name, seen, ArmEncoder::meanWidth));
    } else {
      seen.forEach(
          value ->
              columns.add(arm -> arm.value(name).filter(value::equals).isPresent() ? CATEGORY : 0));
    }
  }

  private interface Reading {
    OptionalDouble of(String value);
  }

  private static ToDoubleFunction<Arm> number(
      String name, SortedSet<String> seen, Reading reading) {
    double[] numbers =
        seen.stream().mapToDouble(value -> reading.of(value).orElse(0)).sorted().toArray();
    double smallestPositive = positive(numbers);
    double last = numbers[numbers.length - 1];
    boolean log = numbers[0] >= 0 && last / smallestPositive >= WIDE;
    // Zero has no logarithm: it stands one decade below the smallest positive value.
    double floor = smallestPositive / 10;
    double low = log ? Math.log(Math.max(numbers[0], floor)) : numbers[0];
    double span = (log ? Math.log(last) : last) - low;
    return arm -> {
      Optional<String> value = arm.value(name);
      OptionalDouble number = value.isEmpty() ? OptionalDouble.empty() : reading.of(value.get());
      if (number.isEmpty() || span == 0) {
        return UNSET;
      }
      double scaled = log ? Math.log(Math.max(number.getAsDouble(), floor)) : number.getAsDouble();
      return (scaled - low) / span;
    };
  }

  private static double positive(double[] sorted) {
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
