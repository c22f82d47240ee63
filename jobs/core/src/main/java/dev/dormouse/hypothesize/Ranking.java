package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Scores hypotheses and diversifies their order.
 *
 * <p>{@code score = E[max(gain, 0)] x P(run ends well) x 2 x track record / relative cost ^ 0.2 +
 * novelty}. Losses count as 0, since a hypothesis that loses is not adopted. If ideas were compared
 * in pairs, the outcome is one more factor, from 0.5 to 1.5.
 */
public final class Ranking {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Weak, because a plan is judged by what it finds. */
  private static final double COST_POWER = 0.2;

  /** Bonus of an arm that was not tried in the study, as a share of the forecast's sd. */
  private static final double NOVELTY = 0.05;

  /** Penalty of a source's next hypothesis for each one that is ordered before it. */
  private static final double CROWDING = 0.25;

  /**
   * The outcomes of a source's earlier hypotheses.
   *
   * @param trials number of tried hypotheses
   * @param gained number of those that gained
   */
  public record TrackRecord(long trials, long gained) {
    public static final TrackRecord NONE = new TrackRecord(0, 0);

    /** Returns the share that gained, with one success and one failure added (Laplace). */
    double rate() {
      return (gained + 1.0) / (trials + 2.0);
    }
  }

  private Ranking() {}

  /** Returns the hypotheses with scores, in the order in which to try them. */
  public static List<Hypothesis> rank(
      List<Hypothesis> hypotheses, Map<Source, TrackRecord> records) {
    double meanCost =
        hypotheses.stream().mapToLong(h -> h.forecast().costMicros()).average().orElse(1);
    return diversified(
        hypotheses.stream()
            .map(h -> scored(h, meanCost, records.getOrDefault(h.source(), TrackRecord.NONE)))
            .toList());
  }

  private static Hypothesis scored(Hypothesis hypothesis, double meanCost, TrackRecord record) {
    Hypothesis.Forecast forecast = hypothesis.forecast();
    double z = forecast.gain() / forecast.gainSd();
    TreeMap<String, Double> terms = new TreeMap<>(hypothesis.terms());
    terms.put(
        "expected_improvement",
        forecast.gain() * NORMAL.cumulativeProbability(z) + forecast.gainSd() * NORMAL.density(z));
    terms.put("p_run_ok", 1 - forecast.pFailure());
    terms.put(
        "cost_factor",
        Math.pow(Math.max(forecast.costMicros(), 1) / Math.max(meanCost, 1), -COST_POWER));
    terms.put("track_record", record.rate());
    terms.put("novelty", hypothesis.duplicateOf().isPresent() ? 0 : NOVELTY * forecast.gainSd());
    double score =
        terms.get("expected_improvement")
                * terms.get("p_run_ok")
                * terms.get("cost_factor")
                * 2
                * terms.get("track_record")
                * (0.5 + terms.getOrDefault(LlmIdeas.PAIRWISE, 0.5))
            + terms.get("novelty");
    return hypothesis.scored(score, terms);
  }

  /**
   * Orders hypotheses: the best of each parameter (and model variant) before the second best of
   * any; among these by score, lowered for sources that have many slots already.
   */
  static List<Hypothesis> diversified(List<Hypothesis> scored) {
    Map<String, Integer> groupUses = new HashMap<>();
    Map<Source, Integer> sourceUses = new EnumMap<>(Source.class);
    List<Hypothesis> left = new ArrayList<>(scored);
    left.sort(Comparator.comparing(Hypothesis::hypothesisId));
    List<Hypothesis> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      Hypothesis next =
          left.stream()
              .min(
                  Comparator.<Hypothesis>comparingInt(h -> groupUses.getOrDefault(group(h), 0))
                      .thenComparingDouble(
                          h ->
                              -h.score() / (1 + CROWDING * sourceUses.getOrDefault(h.source(), 0))))
              .orElseThrow();
      groupUses.merge(group(next), 1, Integer::sum);
      sourceUses.merge(next.source(), 1, Integer::sum);
      left.remove(next);
      ordered.add(next);
    }
    return ordered;
  }

  /** Returns the parameters that a hypothesis changes, and the model that it changes to. */
  private static String group(Hypothesis hypothesis) {
    return hypothesis.changes().stream()
        .map(
            change ->
                change.parameter().equals(Arm.MODEL)
                    ? change.parameter() + "=" + change.to()
                    : change.parameter())
        .collect(Collectors.joining("+"));
  }
}
