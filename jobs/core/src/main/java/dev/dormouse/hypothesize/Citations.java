package dev.dormouse.hypothesize;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Short labels for the sources that an idea may cite. Ids come from outside and must not stand in a
 * schema; labels may, and cost a token or two.
 */
final class Citations {
  private static final String WIN = "win";
  private static final String FAILURE = "failure";

  private final Map<String, String> labels = new LinkedHashMap<>();
  private final Map<String, String> ids = new LinkedHashMap<>();

  private Citations() {}

  static Citations of(IdeaContext context) {
    Citations citations = new Citations();
    citations.add(
        "belief", context.evidence().beliefs().stream().map(IdeaContext.Belief::id).toList());
    citations.add(
        WIN, context.evidence().wins().stream().map(IdeaContext.PastOutcome::id).toList());
    citations.add(
        FAILURE, context.evidence().failures().stream().map(IdeaContext.PastOutcome::id).toList());
    citations.add(
        "text", context.evidence().knowledge().stream().map(IdeaContext.Knowledge::id).toList());
    return citations;
  }

  private void add(String kind, List<String> more) {
    for (int i = 0; i < more.size(); i++) {
      String label = kind + (i + 1);
      labels.putIfAbsent(more.get(i), label);
      ids.put(label, more.get(i));
    }
  }

  /** Returns the label of an id that is part of the context. */
  String label(String id) {
    return labels.get(id);
  }

  /** Returns the id that a label stands for; empty if it is not a label. */
  Optional<String> id(String label) {
    return Optional.ofNullable(ids.get(label));
  }

  /** Returns all labels, in the order of the context. */
  List<String> labels() {
    return List.copyOf(ids.keySet());
  }

  /** Returns the labels of runs. */
  List<String> runs() {
    return ids.keySet().stream()
        .filter(label -> label.startsWith(WIN) || label.startsWith(FAILURE))
        .toList();
  }
}
