package dev.dormouse.mine;

import dev.dormouse.model.Digests;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Insight.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An insight in the making, whose evidence is still known by number. */
final class Finding {
  private static final int EVIDENCE_RUNS = 60;

  private final Kind kind;
  private final String identity;
  private final String statement;
  private List<String> parameters = List.of();
  private String from = "";
  private String to = "";
  private Map<String, String> conditions = Map.of();
  private List<String> modelVariants = List.of();
  private List<String> studies = List.of();
  private String metric = "";
  private Optional<Effect> effect = Optional.empty();
  private String trapOf = "";
  private List<Long> evidence = List.of();

  private Finding(Kind kind, String identity, String statement) {
    this.kind = kind;
    this.identity = identity;
    this.statement = statement;
  }

  /**
   * A finding.
   *
   * @param identity what it is about, whatever the numbers: mining again must give the same id
   */
  static Finding of(Kind kind, String identity, String statement) {
    return new Finding(kind, identity, statement);
  }

  Finding about(List<String> names, String before, String after) {
    parameters = names;
    from = before;
    to = after;
    return this;
  }

  Finding where(Map<String, String> context) {
    conditions = context;
    return this;
  }

  Finding measured(String name, Effect numbers) {
    metric = name;
    effect = Optional.of(numbers);
    return this;
  }

  Finding trapOf(String conclusion) {
    trapOf = conclusion;
    return this;
  }

  /** Takes studies, model variants and evidence from facts, an even share of evidence from each. */
  Finding seenIn(Collection<Fact> facts) {
    studies = facts.stream().map(Fact::study).distinct().sorted().toList();
    modelVariants =
        facts.stream()
            .map(Fact::modelVariant)
            .filter(variant -> !variant.isEmpty())
            .distinct()
            .sorted()
            .toList();
    LinkedHashSet<Long> ids = new LinkedHashSet<>();
    int longest = facts.stream().mapToInt(fact -> fact.evidence().size()).max().orElse(0);
    // Ids come in twos: the two runs of a pair.
    for (int i = 0; i < longest; i += 2) {
      for (Fact fact : facts) {
        int end = Math.min(i + 2, fact.evidence().size());
        if (i < end && ids.size() < EVIDENCE_RUNS) {
          ids.addAll(fact.evidence().subList(i, end));
        }
      }
    }
    evidence = List.copyOf(ids);
    return this;
  }

  List<Long> evidence() {
    return evidence;
  }

  /** The insight, its evidence by name. */
  Insight toInsight(Map<Long, String> runIds) {
    Stream<String> named = evidence.stream().map(runIds::get).filter(Objects::nonNull);
    return new Insight(
        kind.id() + "-" + Digests.sha256(identity).substring(0, 10),
        kind,
        statement,
        parameters,
        from,
        to,
        new TreeMap<>(conditions),
        modelVariants,
        studies,
        metric,
        effect,
        trapOf,
        new ArrayList<>(named.toList()));
  }
}
