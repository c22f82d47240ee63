package dev.dormouse.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arms that a campaign may try. No other arm is ever trained.
 *
 * @param parameters the dimensions by name, in the file's order
 * @param arms when not empty, the only arms that exist (a table of known results); then {@code
 *     parameters} is empty
 */
public record SearchSpace(Map<String, Parameter> parameters, List<Arm> arms) {
  public SearchSpace {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    arms = List.copyOf(arms);
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
}
