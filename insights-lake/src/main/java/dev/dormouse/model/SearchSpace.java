package dev.dormouse.model;

import java.util.AbstractList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The arms that a campaign may try. No other arm is ever trained.
 *
 * @param parameters the dimensions by name, in the file's order
 * @param arms when not empty, the only arms that exist; then {@code parameters} is empty
 */
public record SearchSpace(Map<String, Parameter> parameters, List<Arm> arms) {
  public SearchSpace {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    arms = arms instanceof ArmList ? arms : new ArmList(arms);
    if (!arms.isEmpty() && !parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "A search space has dimensions or a list of arms, not both");
    }
  }

  /** Returns a search space with these dimensions. */
  public static SearchSpace of(List<Parameter> parameters) {
    Map<String, Parameter> byName = new LinkedHashMap<>();
    parameters.forEach(parameter -> byName.put(parameter.name(), parameter));
    return new SearchSpace(byName, List.of());
  }

  /** Returns a search space of exactly these arms. */
  public static SearchSpace ofArms(List<Arm> arms) {
    return new SearchSpace(Map.of(), arms);
  }

  /** Returns the dimension with this name; empty if the campaign must not change the parameter. */
  public Optional<Parameter> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /**
   * Returns the parameters that arms differ in, by name, with the values that they may have. Of a
   * list these are the values that occur in it, numbers in their order; not every combination of
   * them is listed.
   */
  public Map<String, Parameter> dimensions() {
    if (arms.isEmpty()) {
      return parameters;
    }
    Map<String, Set<String>> values = new TreeMap<>();
    for (Arm arm : arms) {
      arm.asMap()
          .forEach((name, value) -> values.computeIfAbsent(name, n -> new TreeSet<>()).add(value));
    }
    Map<String, Parameter> dimensions = new TreeMap<>();
    values.forEach((name, seen) -> dimensions.put(name, dimension(name, seen)));
    return dimensions;
  }

  private static Parameter dimension(String name, Set<String> values) {
    if (values.stream().allMatch(value -> ParamValue.number(value).isPresent())) {
      boolean whole = values.stream().allMatch(value -> number(value) == Math.rint(number(value)));
      return Parameter.ofChoices(
          name,
          whole ? Parameter.Type.INT : Parameter.Type.FLOAT,
          values.stream().sorted(Comparator.comparingDouble(SearchSpace::number)).toList());
    }
    return Parameter.ofChoices(
        name,
        Set.of("true", "false").containsAll(values)
            ? Parameter.Type.BOOL
            : Parameter.Type.CATEGORICAL,
        // Shorter lists of layers come first.
        values.stream().sorted(Comparator.comparingInt(String::length)).toList());
  }

  private static double number(String value) {
    return ParamValue.number(value).orElse(Double.NaN);
  }

  /** Returns whether a change is allowed; never if the space is a list of arms. */
  public boolean admits(Change change) {
    return parameter(change.parameter()).map(p -> p.admits(change.to())).orElse(false);
  }

  /**
   * Returns whether an arm may be tried: it is listed, or it differs from the baseline only by
   * allowed changes.
   */
  public boolean admits(Arm arm, Arm baseline) {
    return arms.isEmpty()
        ? arm.changesFrom(baseline).stream().allMatch(this::admits)
        : arms.contains(arm);
  }

  /** An unmodifiable list that finds its elements by their hash. */
  private static final class ArmList extends AbstractList<Arm> {
    private final List<Arm> arms;
    private final Set<Arm> known;

    ArmList(List<Arm> arms) {
      this.arms = List.copyOf(arms);
      this.known = new HashSet<>(arms);
    }

    @Override
    public Arm get(int index) {
      return arms.get(index);
    }

    @Override
    public int size() {
      return arms.size();
    }

    @Override
    public boolean contains(Object arm) {
      return known.contains(arm);
    }
  }
}
