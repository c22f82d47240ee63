package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Source;
import dev.dormouse.search.Outlook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Scores hypotheses and orders them.
 *
 * <p>{@code score = E[max(gain, 0)] x P(run ends well) x 2 x track record / relative cost ^ 0.2 +
 * novelty}. Losses count as 0, since a hypothesis that loses is not adopted. If ideas were compared
 * in pairs, the outcome is one more factor, from 0.5 to 1.5.
 */
public final class Ranking {
  private static final String WEIGHT = "weight";

  /** So many of the first are chosen one after the other, more than any plan is likely to try. */
  private static final int ORDERED = 40;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Weak, because a plan is judged by what it finds. */
  private static final double COST_POWER = 0.2;

  /** Bonus of an arm that was not tried in the study, as a share of the forecast's sd. */
  private static final double NOVELTY = 0.05;

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

  /**
   * Returns the hypotheses with scores, in the order in which to try them. Each is chosen as if the
   * ones before it had given what is expected of them, so that the first ones differ. An idea of a
   * language model comes before the first other hypothesis with a lower score.
   */
  public static List<Hypothesis> rank(
      List<Hypothesis> hypotheses, TrackRecords records, Outlook outlook) {
    double meanCost =
        hypotheses.stream().mapToLong(h -> h.forecast().costMicros()).average().orElse(1);
    List<Hypothesis> scored =
        hypotheses.stream().map(h -> scored(h, meanCost, records.of(h.source()))).toList();
    List<Hypothesis> ordered = statistical(scored, outlook);
    scored.stream()
        .filter(h -> h.source() == Source.LLM)
        .sorted(Comparator.comparingDouble(h -> -h.score()))
        .forEach(idea -> insert(idea, ordered));
    return List.copyOf(ordered);
  }

  private static List<Hypothesis> statistical(List<Hypothesis> scored, Outlook outlook) {
    Map<Arm, Hypothesis> byArm = new LinkedHashMap<>();
    scored.stream()
        .filter(h -> h.source() != Source.LLM)
        .forEach(h -> byArm.putIfAbsent(h.arm(), h));
    if (byArm.isEmpty()) {
      return new ArrayList<>();
    }
    List<Hypothesis> ordered = new ArrayList<>();
    outlook
        .ordered(byArm.keySet(), ORDERED, arm -> byArm.get(arm).terms().get(WEIGHT))
        .forEach(arm -> ordered.add(byArm.remove(arm)));
    byArm.values().stream()
        .sorted(Comparator.comparingDouble(h -> -h.score()))
        .forEach(ordered::add);
    return ordered;
  }

  private static void insert(Hypothesis idea, List<Hypothesis> ordered) {
    int place = 0;
    while (place < ordered.size() && ordered.get(place).score() >= idea.score()) {
      place++;
    }
    ordered.add(place, idea);
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
    double weight =
        terms.get("p_run_ok")
            * terms.get("cost_factor")
            * 2
            * terms.get("track_record")
            * (0.5 + terms.getOrDefault(LlmIdeas.PAIRWISE, 0.5));
    terms.put(WEIGHT, weight);
    double score = terms.get("expected_improvement") * weight + terms.get("novelty");
    return hypothesis.scored(score, terms);
  }
}
