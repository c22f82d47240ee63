package dev.dormouse.hypothesize;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Short labels of ours for what an idea may cite. Ids come from outside; a label can stand in a
 * schema, where no text from outside may be, and costs a token or two.
 */
final class Citations {
  private static final String WIN = "win";
  private static final String FAILURE = "failure";

  private final Map<String, String> labels = new LinkedHashMap<>();
  private final Map<String, String> ids = new LinkedHashMap<>();

  private Citations() {}

  static Citations of(IdeaContext context) {
    Citations citations = new Citations();
    citations.add("belief", context.beliefs().stream().map(IdeaContext.Belief::id).toList());
    citations.add(WIN, context.wins().stream().map(IdeaContext.PastOutcome::id).toList());
    citations.add(FAILURE, context.failures().stream().map(IdeaContext.PastOutcome::id).toList());
    citations.add("text", context.knowledge().stream().map(IdeaContext.Knowledge::id).toList());
    return citations;
  }

  private void add(String kind, List<String> more) {
    for (int i = 0; i < more.size(); i++) {
      String label = kind + (i + 1);
      labels.putIfAbsent(more.get(i), label);
      ids.put(label, more.get(i));
    }
  }

  /** The label of an id that is part of the context. */
  String label(String id) {
    return labels.get(id);
  }

  /** What a label stands for; empty if it is none. */
  Optional<String> id(String label) {
    return Optional.ofNullable(ids.get(label));
  }

  /** All labels, in the order of the context. */
  List<String> labels() {
    return List.copyOf(ids.keySet());
  }

  /** The labels of runs alone. */
  List<String> runs() {
    return ids.keySet().stream()
        .filter(label -> label.startsWith(WIN) || label.startsWith(FAILURE))
        .toList();
  }
}
