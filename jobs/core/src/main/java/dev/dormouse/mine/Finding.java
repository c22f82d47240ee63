package dev.dormouse.mine;

import dev.dormouse.model.Digests;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.model.InsightBuilder;
import dev.dormouse.model.Step;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** An insight before its evidence is resolved: runs are still numbers. */
final class Finding {
  private static final int EVIDENCE_RUNS = 60;

  private final InsightBuilder insight;
  private List<Long> evidence = List.of();

  private Finding(InsightBuilder insight) {
    this.insight = insight;
  }

  /**
   * Starts a finding.
   *
   * @param identity what it is about, without numbers that depend on the runs: the insight's id is
   *     derived from it and stays the same when more runs are mined
   */
  static Finding of(Kind kind, String identity, String statement) {
    return new Finding(
        InsightBuilder.builder()
            .insightId(kind.id() + "-" + Digests.sha256(identity).substring(0, 10))
            .kind(kind)
            .statement(statement)
            .parameters(List.of())
            .step(new Step.None())
            .conditions(new TreeMap<>())
            .modelVariants(List.of())
            .studies(List.of())
            .metric("")
            .effect(Optional.empty())
            .trapOf(""));
  }

  Finding about(List<String> parameters, Step step) {
    insight.parameters(parameters).step(step);
    return this;
  }

  Finding where(Map<String, String> conditions) {
    insight.conditions(new TreeMap<>(conditions));
    return this;
  }

  Finding measured(String metric, Effect effect) {
    insight.metric(metric).effect(Optional.of(effect));
    return this;
  }

  /** Sets an effect that is a single number, without an interval. */
  Finding measured(String metric, double value, long runs, long studies) {
    return measured(
        metric,
        Effect.of(value, Double.NaN, Double.NaN)
            .nPairs(runs)
            .nSlices(studies)
            .nStudies(studies)
            .build());
  }

  /** Sets the tempting but wrong conclusion. */
  Finding trapOf(String conclusion) {
    insight.trapOf(conclusion);
    return this;
  }

  /**
   * Takes studies, model variants and evidence from facts, the same amount of evidence from each.
   */
  Finding seenIn(Collection<Fact> facts) {
    insight
        .studies(facts.stream().map(Fact::study).distinct().sorted().toList())
        .modelVariants(
            facts.stream()
                .map(Fact::modelVariant)
                .filter(variant -> !variant.isEmpty())
                .distinct()
                .sorted()
                .toList());
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

  /**
   * Returns the insight.
   *
   * @param runIds the names of runs by their number; runs without a name are left out
   */
  Insight toInsight(Map<Long, String> runIds) {
    return insight
        .evidence(evidence.stream().map(runIds::get).filter(Objects::nonNull).toList())
        .build();
  }
}
