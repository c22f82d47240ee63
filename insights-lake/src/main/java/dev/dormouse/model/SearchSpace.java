package dev.dormouse.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arms that a campaign may try. Nothing outside is ever trained, whoever proposes it.
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

  /** A search space of these dimensions. */
  public static SearchSpace of(List<Parameter> parameters) {
    Map<String, Parameter> byName = new LinkedHashMap<>();
    parameters.forEach(parameter -> byName.put(parameter.name(), parameter));
    return new SearchSpace(byName, List.of());
  }

  /** A search space of just these arms. */
  public static SearchSpace ofArms(List<Arm> arms) {
    return new SearchSpace(Map.of(), arms);
  }

  /** The dimension with this name; empty if the campaign may not touch that parameter. */
  public Optional<Parameter> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /** Whether a change stays inside; a list of arms has no single changes. */
  public boolean admits(Change change) {
    return parameter(change.parameter()).map(p -> p.admits(change.to())).orElse(false);
  }

  /**
   * Whether an arm may be tried: it is listed, or it differs from the baseline only by changes that
   * stay inside.
   */
  public boolean admits(Arm arm, Arm baseline) {
    return arms.isEmpty()
        ? arm.changesFrom(baseline).stream().allMatch(this::admits)
        : arms.contains(arm);
  }
}
