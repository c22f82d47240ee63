package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.SearchSpace;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Finds the arms around an arm, inside a search space. What a model ignores is not moved; an arm
 * that moves to another model has there what the baseline has.
 */
final class Neighbours {
  /** Steps within a range, in units of the distance between two grid points. */
  private static final double[] STEPS = {-1, -0.5, -0.25, 0.25, 0.5, 1};

  private final SearchSpace space;
  private final Arm baseline;
  private final IgnoredParameters ignored;

  Neighbours(SearchSpace space, Arm baseline, IgnoredParameters ignored) {
    this.space = space;
    this.baseline = baseline;
    this.ignored = ignored;
  }

  /** Returns the arms that differ in one parameter, by at most one step of the grid. */
  Set<Arm> oneMove(Arm arm) {
    Set<Arm> moved = new LinkedHashSet<>();
    for (Parameter parameter : space.parameters().values()) {
      if (ignored.of(arm.modelVariant()).contains(parameter.name())) {
        continue;
      }
      for (String value : nearValues(parameter, arm.value(parameter.name()).orElse(""))) {
        Arm near = arm.with(parameter.name(), value);
        moved.add(parameter.name().equals(Arm.MODEL) ? ignored.effective(near, baseline) : near);
      }
    }
    moved.remove(arm);
    return moved;
  }

  /** Returns the arms that differ in two parameters, by at most one step each. */
  Set<Arm> twoMoves(Arm arm) {
    Set<Arm> moved = new LinkedHashSet<>();
    oneMove(arm).forEach(near -> moved.addAll(oneMove(near)));
    moved.remove(arm);
    return moved;
  }

  /**
   * Returns the values next to a number; all values for a category or a value that is no number.
   */
  static List<String> nearValues(Parameter parameter, String value) {
    OptionalDouble number = ParamValue.number(value);
    boolean ordered =
        parameter.type() == Parameter.Type.INT || parameter.type() == Parameter.Type.FLOAT;
    if (!ordered || number.isEmpty()) {
      return parameter.grid();
    }
    return parameter.choices().isEmpty()
        ? nearInRange(parameter, number.getAsDouble())
        : nearChoices(parameter.choices(), number.getAsDouble());
  }

  private static List<String> nearInRange(Parameter parameter, double number) {
    int intervals = Math.max(1, parameter.grid().size() - 1);
    List<String> near = new ArrayList<>();
    for (double step : STEPS) {
      double moved =
          parameter.log()
              ? number * Math.pow(parameter.high() / parameter.low(), step / intervals)
              : number + step * (parameter.high() - parameter.low()) / intervals;
      near.add(parameter.rounded(moved));
    }
    return near;
  }

  private static List<String> nearChoices(List<String> choices, double number) {
    List<String> near = new ArrayList<>();
    choices.stream()
        .filter(choice -> ParamValue.number(choice).orElse(number) < number)
        .max(Neighbours::compare)
        .ifPresent(near::add);
    choices.stream()
        .filter(choice -> ParamValue.number(choice).orElse(number) > number)
        .min(Neighbours::compare)
        .ifPresent(near::add);
    return near;
  }

  private static int compare(String a, String b) {
    return Double.compare(ParamValue.number(a).orElse(0), ParamValue.number(b).orElse(0));
  }
}
