package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.SearchSpace;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which parameters the model variants of past runs have. A variant ignores a parameter if no run of
 * it ever set the parameter, although other variants of the same studies did.
 */
final class ParameterUse {
  private final Map<String, Set<String>> ignored = new HashMap<>();

  /**
   * @param studies arms of past runs by study, in one spelling
   */
  ParameterUse(Collection<List<Arm>> studies) {
    Map<String, Set<String>> used = new HashMap<>();
    for (List<Arm> study : studies) {
      Map<String, Set<String>> byVariant = new HashMap<>();
      study.forEach(
          arm ->
              byVariant
                  .computeIfAbsent(arm.modelVariant(), v -> new HashSet<>())
                  .addAll(arm.params().keySet()));
      Set<String> all = new HashSet<>();
      byVariant.values().forEach(all::addAll);
      byVariant.forEach(
          (variant, names) -> {
            used.computeIfAbsent(variant, v -> new HashSet<>()).addAll(names);
            ignored.computeIfAbsent(variant, v -> new HashSet<>()).addAll(all);
          });
    }
    ignored.forEach((variant, names) -> names.removeAll(used.get(variant)));
  }

  /** Returns an arm without the parameters that its model ignores. */
  Arm effective(Arm arm) {
    Set<String> names = ignored.getOrDefault(arm.modelVariant(), Set.of());
    if (Collections.disjoint(names, arm.params().keySet())) {
      return arm;
    }
    SortedMap<String, String> params = new TreeMap<>(arm.params());
    params.keySet().removeAll(names);
    return new Arm(arm.modelVariant(), params);
  }

  /** Returns what the models of a search space ignore of its parameters. */
  IgnoredParameters in(SearchSpace space, Arm baseline) {
    Set<String> variants = new TreeSet<>(Set.of(baseline.modelVariant()));
    space.parameter(Arm.MODEL).ifPresent(model -> variants.addAll(model.choices()));
    SortedMap<String, SortedSet<String>> byVariant = new TreeMap<>();
    for (String variant : variants) {
      SortedSet<String> names =
          new TreeSet<>(ignored.getOrDefault(Spelling.plain(variant), Set.of()));
      names.retainAll(space.parameters().keySet());
      byVariant.put(variant, names);
    }
    return new IgnoredParameters(byVariant);
  }
}
