package dev.dormouse.eval.replay;

import dev.dormouse.forecast.PastResult;
import dev.dormouse.hypothesize.IdeaContext;
import dev.dormouse.hypothesize.IdeaContext.Belief;
import dev.dormouse.hypothesize.IdeaContext.Evidence;
import dev.dormouse.hypothesize.IdeaContext.Funds;
import dev.dormouse.hypothesize.LlmIdeas;
import dev.dormouse.hypothesize.Ranking.TrackRecord;
import dev.dormouse.hypothesize.Slots;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Digests;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import dev.dormouse.stats.Recalibration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Asks a language model at the beginning of an episode, by the questions, the reader and the shares
 * of a real campaign. It is told the pool's arms and beliefs from past studies.
 */
final class IdeaAdviser implements Episode.Adviser {
  /** So many comparisons that say nothing keep a belief near 0. */
  private static final double CAUTION = 5;

  private static final long PLENTY_MICROS = 1_000_000_000_000L;

  private final LlmBatches model;
  private final List<PastResult> past;

  IdeaAdviser(LlmBatches model, List<PastResult> past) {
    this.model = model;
    this.past = past;
  }

  @Override
  public List<Hypothesis> advised(CampaignSpec spec, List<Hypothesis> hypotheses, double noiseSd) {
    IdeaContext context =
        new IdeaContext(
            spec.campaignId(),
            spec.objective(),
            spec.baseline(),
            spec.searchSpace(),
            new Evidence(beliefs(spec.searchSpace().arms()), List.of(), List.of(), List.of()),
            List.of(),
            new Funds(noiseSd, 1, PLENTY_MICROS, spec.trials(Phase.VALIDATION)));
    Map<Arm, Hypothesis> ideas =
        LlmIdeas.propose(
                context,
                LlmIdeas.KnownArms.NONE,
                model,
                Optional.empty(),
                Recalibration.learn(List.of(), noiseSd))
            .hypotheses()
            .stream()
            .sorted(Comparator.comparingDouble(h -> -h.terms().get(LlmIdeas.PAIRWISE)))
            .collect(Collectors.toMap(Hypothesis::arm, h -> h, (a, b) -> a, LinkedHashMap::new));
    Map<Arm, Hypothesis> statistical = new LinkedHashMap<>();
    hypotheses.forEach(hypothesis -> statistical.put(hypothesis.arm(), hypothesis));
    List<Hypothesis> ordered = new ArrayList<>();
    // The forecast stays that of statistics: what a model says of its ideas changes no belief.
    ideas.keySet().forEach(arm -> ordered.add(statistical.remove(arm).from(Source.LLM)));
    ordered.addAll(statistical.values());
    Slots.Allocation shared =
        Slots.allocate(ordered, Slots.share(TrackRecord.NONE, TrackRecord.NONE));
    List<Hypothesis> all = new ArrayList<>(shared.order());
    shared.leftOver().forEach(idea -> all.add(idea.from(Source.SURROGATE)));
    return all;
  }

  /** Of each value that the pool has: how far above their study's mean its past results lay. */
  private List<Belief> beliefs(List<Arm> pool) {
    Map<String, double[]> sums = new TreeMap<>();
    for (Arm arm : pool) {
      arm.asMap().forEach((name, value) -> sums.put(key(name, value), new double[3]));
    }
    Map<String, List<PastResult>> studies =
        past.stream()
            .filter(result -> result.value().isPresent())
            .collect(Collectors.groupingBy(PastResult::study, TreeMap::new, Collectors.toList()));
    for (List<PastResult> study : studies.values()) {
      double[] sorted = study.stream().mapToDouble(r -> r.value().getAsDouble()).sorted().toArray();
      double middle = sorted[sorted.length / 2];
      double spread =
          sorted[(int) (0.84 * (sorted.length - 1))] - sorted[(int) (0.16 * (sorted.length - 1))];
      for (PastResult result : study) {
        double lead = spread > 0 ? (result.value().getAsDouble() - middle) / spread : 0;
        double bounded = Math.max(-2, Math.min(2, lead));
        result
            .arm()
            .asMap()
            .forEach(
                (name, value) -> {
                  double[] sum = sums.get(key(name, value));
                  if (sum != null) {
                    sum[0] += bounded;
                    sum[1] += bounded * bounded;
                    sum[2]++;
                  }
                });
      }
    }
    List<Belief> beliefs = new ArrayList<>();
    sums.forEach((key, sum) -> belief(key, sum).ifPresent(beliefs::add));
    return beliefs;
  }

  private static Optional<Belief> belief(String key, double[] sum) {
    if (sum[2] == 0) {
      return Optional.empty();
    }
    String name = key.substring(0, key.indexOf('\n'));
    String value = key.substring(name.length() + 1);
    double mean = sum[0] / (sum[2] + CAUTION);
    double margin = 1.96 * Math.sqrt((sum[1] + 1) / sum[2] / sum[2]);
    return Optional.of(
        new Belief(
            "b-" + Digests.sha256(key).substring(0, 8),
            name,
            "",
            value,
            mean,
            mean - margin,
            mean + margin,
            (long) sum[2],
            "in spreads of a study above its median"));
  }

  private static String key(String name, String value) {
    return name + "\n" + value;
  }
}
