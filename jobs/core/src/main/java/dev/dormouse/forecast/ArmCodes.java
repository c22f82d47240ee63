package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ParamValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Encodes arms for trees: one whole number for each parameter and the model variant. 0 stands for a
 * parameter that the arm does not set. The codes of a parameter with numbers are ordered as the
 * numbers are; those of one with words have no order.
 */
final class ArmCodes {
  /** Numbers beyond so many get the codes of groups of neighbours. */
  private static final int MOST_NUMBERS = 255;

  private final List<Column> columns;

  private ArmCodes(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  /** The code of one parameter. */
  private sealed interface Column {
    String name();

    /** Returns the code of a value, above 0. */
    int code(String value);

    int codeCount();
  }

  /**
   * Numbers.
   *
   * @param known the numbers that occur, without repetition, rising
   */
  private record Numbers(String name, List<Double> known) implements Column {
    @Override
    public int code(String value) {
      int found = Collections.binarySearch(known, ParamValue.number(value).orElse(known.get(0)));
      double rank = Math.min(known.size() - 1, found < 0 ? -found - 1 : found);
      double scale = known.size() <= MOST_NUMBERS ? 1 : (MOST_NUMBERS - 1.0) / (known.size() - 1.0);
      return 1 + (int) Math.round(rank * scale);
    }

    @Override
    public int codeCount() {
      return 1 + Math.min(MOST_NUMBERS, known.size());
    }
  }

  /** Words. One that did not occur has a code of its own. */
  private record Words(String name, Map<String, Integer> codes) implements Column {
    @Override
    public int code(String value) {
      return codes.getOrDefault(value, codes.size() + 1);
    }

    @Override
    public int codeCount() {
      return codes.size() + 2;
    }
  }

  /** Encodes what occurs among arms. */
  static ArmCodes of(Collection<Arm> arms) {
    SortedMap<String, SortedSet<String>> values = new TreeMap<>();
    for (Arm arm : arms) {
      arm.asMap()
          .forEach((name, value) -> values.computeIfAbsent(name, n -> new TreeSet<>()).add(value));
    }
    List<Column> columns = new ArrayList<>();
    values.forEach((name, seen) -> columns.add(column(name, seen)));
    return new ArmCodes(columns);
  }

  private static Column column(String name, SortedSet<String> seen) {
    if (seen.stream().allMatch(value -> ParamValue.number(value).isPresent())) {
      return new Numbers(
          name,
          seen.stream()
              .mapToDouble(value -> ParamValue.number(value).orElseThrow())
              .sorted()
              .distinct()
              .boxed()
              .toList());
    }
    Map<String, Integer> codes = new HashMap<>();
    seen.forEach(value -> codes.put(value, codes.size() + 1));
    return new Words(name, codes);
  }

  /** Returns the number of columns. */
  int size() {
    return columns.size();
  }

  /** Returns whether the codes of a column are ordered. */
  boolean isOrdered(int column) {
    return columns.get(column) instanceof Numbers;
  }

  /** Returns how many codes a column has, 0 included. */
  int codeCount(int column) {
    return columns.get(column).codeCount();
  }

  /** Returns the codes of an arm, one for each column. */
  int[] codes(Arm arm) {
    int[] codes = new int[columns.size()];
    for (int i = 0; i < codes.length; i++) {
      Optional<String> value = arm.value(columns.get(i).name());
      codes[i] = value.isEmpty() ? 0 : columns.get(i).code(value.get());
    }
    return codes;
  }
}
