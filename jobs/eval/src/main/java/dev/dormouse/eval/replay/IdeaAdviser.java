package dev.dormouse.eval.replay;

import dev.dormouse.forecast.HistoryPrior;
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
import dev.dormouse.stats.OrderStatistics;
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
 * Asks a language model for ideas at the beginning of an episode, with the prompts, the parser and
 * the slot shares of a real campaign. The prompt holds the pool's arms and effects in past studies.
 */
final class IdeaAdviser implements Episode.Adviser {
  /** Number of comparisons without an effect that shrink a mean towards 0. */
  private static final double PRIOR_COMPARISONS = 5;

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
    // The statistical forecast stays: what the model says of its ideas does not change it.
    ideas.keySet().forEach(arm -> ordered.add(statistical.remove(arm).from(Source.LLM)));
    ordered.addAll(statistical.values());
    Slots.Allocation shared =
        Slots.allocate(ordered, Slots.share(TrackRecord.NONE, TrackRecord.NONE));
    List<Hypothesis> all = new ArrayList<>(shared.order());
    shared.leftOver().forEach(idea -> all.add(idea.from(Source.SURROGATE)));
    return all;
  }

  /** The bounded leads of past runs with one parameter value, added up. */
  private static final class Leads {
    private double sum;
    private double squares;
    private long count;

    void add(double lead) {
      sum += lead;
      squares += lead * lead;
      count++;
    }
  }

  /** Returns for each value in the pool how far its past results lay above their study's median. */
  private List<Belief> beliefs(List<Arm> pool) {
    Map<String, Leads> leads = new TreeMap<>();
    for (Arm arm : pool) {
      arm.asMap().forEach((name, value) -> leads.put(key(name, value), new Leads()));
    }
    Map<String, List<PastResult>> studies =
        past.stream()
            .filter(result -> result.value().isPresent())
            .collect(Collectors.groupingBy(PastResult::study, TreeMap::new, Collectors.toList()));
    for (List<PastResult> study : studies.values()) {
      double[] values = study.stream().mapToDouble(r -> r.value().getAsDouble()).toArray();
      double median = OrderStatistics.upperMedian(values);
      double spread = 2 * HistoryPrior.robustSd(values);
      for (PastResult result : study) {
        double lead = spread > 0 ? (result.value().getAsDouble() - median) / spread : 0;
        double bounded = Math.max(-2, Math.min(2, lead));
        result
            .arm()
            .asMap()
            .forEach(
                (name, value) -> {
                  Leads ofValue = leads.get(key(name, value));
                  if (ofValue != null) {
                    ofValue.add(bounded);
                  }
                });
      }
    }
    List<Belief> beliefs = new ArrayList<>();
    leads.forEach((key, ofValue) -> belief(key, ofValue).ifPresent(beliefs::add));
    return beliefs;
  }

  private static Optional<Belief> belief(String key, Leads leads) {
    if (leads.count == 0) {
      return Optional.empty();
    }
    String name = key.substring(0, key.indexOf('\n'));
    String value = key.substring(name.length() + 1);
    double mean = leads.sum / (leads.count + PRIOR_COMPARISONS);
    double margin = 1.96 * Math.sqrt((leads.squares + 1) / leads.count / leads.count);
    return Optional.of(
        new Belief(
            "b-" + Digests.sha256(key).substring(0, 8),
            name,
            "",
            value,
            mean,
            mean - margin,
            mean + margin,
            leads.count,
            "in spreads of a study above its median"));
  }

  private static String key(String name, String value) {
    return name + "\n" + value;
  }
}
