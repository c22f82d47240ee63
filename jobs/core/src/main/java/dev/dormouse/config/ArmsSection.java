package dev.dormouse.config;

import dev.dormouse.model.Arm;
import dev.dormouse.model.SearchSpace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a search space that is a list of arms. Each arm names its model and all its parameters, or
 * is a {@code change} of the baseline.
 */
final class ArmsSection {
  private static final String KEY = "arms";
  private static final String CHANGE = "change";
  private static final int MOST_ARMS = 10_000;

  private final YamlSection section;
  private final Arm baseline;
  private final Map<Arm, Integer> places = new LinkedHashMap<>();

  private ArmsSection(YamlSection section, Arm baseline) {
    this.section = section;
    this.baseline = baseline;
  }

  /** Returns whether {@code search_space} lists arms; a parameter of that name is a mapping. */
  static boolean isIn(YamlSection searchSpace) {
    return searchSpace.isList(KEY);
  }

  /** Reads the list; notes arms that come twice, and parameters beside the list. */
  static SearchSpace searchSpace(YamlSection section, Arm baseline) {
    return new ArmsSection(section, baseline).searchSpace();
  }

  private SearchSpace searchSpace() {
    List<YamlSection> items = section.sections(KEY);
    section.keys().stream()
        .filter(name -> !name.equals(KEY))
        .forEach(
            name ->
                section.problem(
                    name,
                    "stands beside 'arms'; a search space has parameters or a list of arms, not"
                        + " both"));
    if (items.size() > MOST_ARMS) {
      section.problem(KEY, "has " + items.size() + " arms; it may have at most " + MOST_ARMS);
      return SearchSpace.of(List.of());
    }
    for (int i = 0; i < items.size(); i++) {
      add(items.get(i), i + 1);
    }
    if (Set.of(baseline).containsAll(places.keySet())) {
      section.problem(KEY, "has no arm but the baseline; a campaign needs something to try");
    }
    return SearchSpace.ofArms(List.copyOf(places.keySet()));
  }

  private void add(YamlSection item, int place) {
    Map<String, String> values = new TreeMap<>();
    if (item.keys().equals(Set.of(CHANGE)) && item.isMapping(CHANGE)) {
      YamlSection change = item.section(CHANGE);
      change.keys().stream()
          .filter(name -> baseline.value(name).isEmpty())
          .forEach(name -> change.problem(name, "has no baseline value; add it to 'baseline'"));
      values.putAll(baseline.asMap());
      values.putAll(values(change));
    } else {
      values.putAll(values(item));
    }
    Integer before = values.isEmpty() ? null : places.putIfAbsent(Arm.of(values), place);
    if (before != null) {
      item.problem("", "is the same as arm " + before + "; list each arm once");
    }
  }

  private static Map<String, String> values(YamlSection section) {
    Map<String, String> values = new TreeMap<>();
    for (String name : List.copyOf(section.keys())) {
      section.value(name).ifPresent(value -> values.put(name, value));
    }
    return values;
  }
}
