package dev.dormouse.model;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The parameters that model variants ignore. Arms that differ in nothing else are one and the same
 * training.
 *
 * @param byVariant names of parameters by model variant; variants that ignore none are left out
 */
public record IgnoredParameters(SortedMap<String, SortedSet<String>> byVariant) {
  /** Nothing is known to be ignored. */
  public static final IgnoredParameters NONE = new IgnoredParameters(new TreeMap<>());

  public IgnoredParameters {
    SortedMap<String, SortedSet<String>> copy = new TreeMap<>();
    byVariant.forEach(
        (variant, names) -> {
          if (!names.isEmpty()) {
            copy.put(variant, Collections.unmodifiableSortedSet(new TreeSet<>(names)));
          }
        });
    byVariant = Collections.unmodifiableSortedMap(copy);
  }

  /** Returns the names of the parameters that a model variant ignores, without repetition. */
  public SortedSet<String> of(String variant) {
    return byVariant.getOrDefault(variant, Collections.emptySortedSet());
  }

  /** Returns what these model variants ignore. */
  IgnoredParameters by(Set<String> variants) {
    SortedMap<String, SortedSet<String>> kept = new TreeMap<>(byVariant);
    kept.keySet().retainAll(variants);
    return new IgnoredParameters(kept);
  }

  /**
   * Returns the arm that stands for all that train the same: with the baseline's values for what
   * its model ignores.
   */
  public Arm effective(Arm arm, Arm baseline) {
    Arm same = arm;
    for (String name : of(arm.modelVariant())) {
      same = same.with(name, baseline.value(name).orElse(""));
    }
    return same;
  }
}
