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
 * Scores hypotheses and hedges their order.
 *
 * <p>{@code score = E[max(gain, 0)] x P(run ends well) x 2 x track record / relative cost ^ 0.2 +
 * novelty}. The product is the gain to be had from trying, since a hypothesis that loses is simply
 * not taken up. Where ideas were compared with each other in pairs, the outcome is one more factor,
 * from 0.5 to 1.5.
 */
public final class Ranking {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Cost matters, but a plan is judged by what it finds. */
  private static final double COST_POWER = 0.2;

  /** Share of the forecast's sd that an arm gets for never having been tried in the study. */
  private static final double NOVELTY = 0.05;

  /** How much each slot that a source already has lowers the claim of its next hypothesis. */
  private static final double CROWDING = 0.25;

  /** What became of a source's earlier hypotheses. */
  public record TrackRecord(long trials, long gained) {
    /** Nothing known yet. */
    public static final TrackRecord NONE = new TrackRecord(0, 0);

    /** Share that gained, with one success and one failure added (Laplace). */
    double rate() {
      return (gained + 1.0) / (trials + 2.0);
    }
  }

  private Ranking() {}

  /** The hypotheses with scores, in the order in which to try them. */
  public static List<Hypothesis> rank(
      List<Hypothesis> hypotheses, Map<Source, TrackRecord> records) {
    double meanCost =
        hypotheses.stream().mapToLong(h -> h.forecast().costMicros()).average().orElse(1);
    return hedged(
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
   * The best of each parameter (and of each model variant) before the second of any; among them the
   * higher score, lowered for sources that have many slots already.
   */
  static List<Hypothesis> hedged(List<Hypothesis> scored) {
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

  /** What a hypothesis turns: its parameters, and the model that it changes to. */
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
