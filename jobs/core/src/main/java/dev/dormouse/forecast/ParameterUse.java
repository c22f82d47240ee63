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
 * it ever set the parameter, or one of a like name, although other variants of the same studies
 * did.
 */
final class ParameterUse {
  /** So many runs of a variant, beside runs that set a parameter, have to be without it. */
  private static final int FEWEST_RUNS = 5;

  private final Map<String, Set<String>> ignored = new HashMap<>();

  /**
   * @param studies arms of past runs by study, in one spelling
   */
  ParameterUse(Collection<List<Arm>> studies) {
    Map<String, Set<String>> used = new HashMap<>();
    Map<String, Map<String, Integer>> runsBeside = new HashMap<>();
    for (List<Arm> study : studies) {
      Set<String> names = new HashSet<>();
      Map<String, Integer> runs = new HashMap<>();
      for (Arm arm : study) {
        names.addAll(arm.params().keySet());
        runs.merge(arm.modelVariant(), 1, Integer::sum);
        used.computeIfAbsent(arm.modelVariant(), v -> new HashSet<>())
            .addAll(arm.params().keySet());
      }
      runs.forEach(
          (variant, count) -> {
            Map<String, Integer> counts = runsBeside.computeIfAbsent(variant, v -> new HashMap<>());
            names.forEach(name -> counts.merge(name, count, Integer::sum));
          });
    }
    runsBeside.forEach(
        (variant, counts) -> {
          Set<String> without = new HashSet<>();
          counts.forEach(
              (name, count) -> {
                if (count >= FEWEST_RUNS
                    && used.get(variant).stream().noneMatch(other -> alike(name, other))) {
                  without.add(name);
                }
              });
          ignored.put(variant, without);
        });
  }

  /**
   * Whether two names may mean the same, as {@code hidden_units} and {@code dnn_hidden_units}: code
   * of different teams names the parts of a model with more or fewer words.
   */
  private static boolean alike(String name, String other) {
    return name.equals(other) || name.endsWith("_" + other) || other.endsWith("_" + name);
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
