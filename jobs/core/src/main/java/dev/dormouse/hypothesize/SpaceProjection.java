package dev.dormouse.hypothesize;

import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Parameter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Maps values and steps of other studies to values that a search space allows. */
final class SpaceProjection {
  private SpaceProjection() {}

  /**
   * Returns whether two names differ by case and punctuation at most ({@code DCNv2}, {@code
   * dcn_v2}).
   */
  static boolean sameName(String a, String b) {
    return plain(a).equals(plain(b));
  }

  /** Returns the same value in the space's spelling; empty if the space does not allow it. */
  static Optional<String> exact(Parameter parameter, String value) {
    if (parameter.choices().isEmpty()) {
      return parameter.admits(value) ? Optional.of(ParamValue.canonical(value)) : Optional.empty();
    }
    return parameter.choices().stream()
        .filter(
            choice ->
                choice.equals(ParamValue.canonical(value))
                    || (ParamValue.number(value).isEmpty() && sameName(choice, value)))
        .findFirst();
  }

  /** Returns the allowed value nearest to a number (by ratio if both are positive). */
  static Optional<String> nearest(Parameter parameter, double number) {
    if (parameter.choices().isEmpty()) {
      return Optional.of(parameter.rounded(number));
    }
    return numericChoices(parameter).stream()
        .min(Comparator.comparingDouble(choice -> distance(value(choice), number)));
  }

  /** Returns the value nearest to a multiple; empty if the space has none in that direction. */
  static Optional<String> multiplied(Parameter parameter, String from, double factor) {
    OptionalDouble number = ParamValue.number(from);
    if (number.isEmpty() || number.getAsDouble() <= 0) {
      return Optional.empty();
    }
    boolean up = factor > 1;
    return nearest(parameter, number.getAsDouble() * factor)
        .filter(to -> up ? value(to) > number.getAsDouble() : value(to) < number.getAsDouble());
  }

  /** Returns the next grid value above or below; empty at the end of the grid. */
  static Optional<String> step(Parameter parameter, String from, boolean up) {
    int listed = parameter.choices().indexOf(from);
    OptionalDouble number = ParamValue.number(from);
    if (number.isPresent()) {
      Comparator<String> bySize = Comparator.comparingDouble(SpaceProjection::value);
      return parameter.grid().stream()
          .filter(choice -> ParamValue.number(choice).isPresent())
          .filter(
              choice ->
                  up ? value(choice) > number.getAsDouble() : value(choice) < number.getAsDouble())
          .min(up ? bySize : bySize.reversed());
    }
    int next = up ? listed + 1 : listed - 1;
    boolean ordered = from.startsWith("[") && listed >= 0;
    return ordered && next >= 0 && next < parameter.choices().size()
        ? Optional.of(parameter.choices().get(next))
        : Optional.empty();
  }

  private static List<String> numericChoices(Parameter parameter) {
    return parameter.choices().stream()
        .filter(choice -> ParamValue.number(choice).isPresent())
        .toList();
  }

  private static double value(String number) {
    return ParamValue.number(number).orElseThrow();
  }

  private static double distance(double a, double b) {
    return a > 0 && b > 0 ? Math.abs(Math.log(a / b)) : Math.abs(a - b) + 1e3;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
