package dev.dormouse.eval.replay;

import dev.dormouse.model.Arm;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Replaces names by meaningless ones in the same order, so that a planner that takes nothing from
 * names makes the same choices.
 */
final class Aliases {
  private final Map<String, String> aliases = new HashMap<>();

  Aliases(String prefix, Collection<String> names) {
    for (String name : new TreeSet<>(names)) {
      aliases.put(
          name, name.isEmpty() ? "" : String.format(Locale.ROOT, "%s%05d", prefix, aliases.size()));
    }
  }

  String of(String name) {
    return aliases.get(name);
  }

  Arm of(Arm arm) {
    return new Arm(of(arm.modelVariant()), arm.params());
  }
}
