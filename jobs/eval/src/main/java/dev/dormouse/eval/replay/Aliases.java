package dev.dormouse.eval.replay;

import dev.dormouse.model.Arm;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Replaces names by meaningless ones in the same order, so that a planner that takes nothing from
 * names makes the same choices. Names that differ only by case and punctuation get the same alias,
 * since planners take them for the same.
 */
final class Aliases {
  private final Map<String, String> aliases = new HashMap<>();

  Aliases(String prefix, Collection<String> names) {
    Map<String, String> bySpelling = new TreeMap<>();
    names.forEach(name -> bySpelling.put(plain(name), ""));
    int number = 0;
    for (Map.Entry<String, String> spelling : bySpelling.entrySet()) {
      if (!spelling.getKey().isEmpty()) {
        spelling.setValue(String.format(Locale.ROOT, "%s%05d", prefix, number));
      }
      number++;
    }
    names.forEach(name -> aliases.put(name, bySpelling.get(plain(name))));
  }

  private static String plain(String name) {
    String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9+]", "");
    return letters.isEmpty() ? name : letters;
  }

  /** Returns the names that have an alias. */
  Set<String> names() {
    return aliases.keySet();
  }

  String of(String name) {
    return aliases.get(name);
  }

  Arm of(Arm arm) {
    return new Arm(of(arm.modelVariant()), arm.params());
  }
}
