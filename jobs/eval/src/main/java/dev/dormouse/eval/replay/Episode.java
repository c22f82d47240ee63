package dev.dormouse.eval.replay;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Results;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.model.StudyKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One campaign against a pool of known results, by the very decisions of a real one: which arms it
 * asks for, in order.
 */
final class Episode {
  private static final double VALIDATION_SHARE = 0.3;
  private static final double COMBINATION_SHARE = 0.1;

  /** More than can be stopped early of what was begun: a run is judged at 0.3 of its length. */
  private static final int MOST_STOPPED = 4;

  /** A replay counts evaluations, not hours: more than any pool can cost. */
  private static final long UNLIMITED_MICROS = 1_000_000_000_000_000L;

  /** An evaluation as it was asked for. */
  record Choice(TrialSpec trial, KnownResult result, Regret.Evaluation evaluation) {}

  /** Gives another source a say in what is tried, before anything is evaluated. */
  @FunctionalInterface
  interface Adviser {
    /** Nobody has a say. */
    Adviser NONE = (spec, hypotheses, noiseSd) -> hypotheses;

    /** The same hypotheses, perhaps from other sources and in another order. */
    List<Hypothesis> advised(CampaignSpec spec, List<Hypothesis> hypotheses, double noiseSd);
  }

  private final Map<Arm, KnownResult> pool = new LinkedHashMap<>();
  private final HistoryPrior prior;
  private final CampaignSpec spec;
  private final Plan plan;
  private final int budget;
  private final boolean curves;

  /**
   * @param pool the arms, in the order that breaks ties
   * @param budget in whole runs
   * @param curves whether runs show their learning curves and can be stopped
   */
  Episode(List<KnownResult> pool, HistoryPrior prior, boolean history, int budget, boolean curves) {
    this(pool, prior, history, budget, curves, Adviser.NONE);
  }

  /**
   * @param adviser has a say in the hypotheses
   */
  Episode(
      List<KnownResult> pool,
      HistoryPrior prior,
      boolean history,
      int budget,
      boolean curves,
      Adviser adviser) {
    this.budget = budget;
    this.curves = curves;
    pool.forEach(result -> this.pool.putIfAbsent(result.arm(), result));
    this.prior = prior;
    List<Hypothesis> hypotheses = hypotheses(history ? Source.HISTORY : Source.SURROGATE);
    this.spec = spec(hypotheses.get(0).arm(), curves ? MOST_STOPPED * budget : budget);
    this.plan =
        new Plan(
            spec.campaignId(),
            List.of(),
            adviser.advised(spec, hypotheses, prior.noiseSd()),
            new CostEstimate(0, 0, 0, "a table of known results"),
            UNLIMITED_MICROS,
            List.of(),
            List.of());
  }

  /** Plays the campaign, decision by decision, until its budget or the pool is used up. */
  List<Choice> play() {
    ReplayBackend backend = new ReplayBackend(pool, curves);
    List<Choice> choices = new ArrayList<>();
    Playthrough.play(
        spec,
        plan,
        backend,
        (state, event) -> {
          if (event instanceof CampaignEvent.Settled settled) {
            choices.add(choice(state, settled, backend));
          }
          return choices.stream().mapToDouble(c -> c.evaluation().cost()).sum() < budget;
        });
    return choices;
  }

  private Choice choice(CampaignState state, CampaignEvent.Settled settled, ReplayBackend backend) {
    TrialKey key = new TrialKey(spec.campaignId(), settled.trialId(), settled.attempt());
    TrialSpec trial = state.attempts().get(key).trial();
    KnownResult result = pool.get(trial.arm());
    int whole = curves ? Math.max(1, result.curve().size()) : 1;
    return new Choice(
        trial,
        result,
        new Regret.Evaluation(
            Results.value(spec, state.attempts().get(key)), (double) backend.points(key) / whole));
  }

  /** Every arm, hedged: the best-predicted of each model variant before the second of any. */
  private List<Hypothesis> hypotheses(Source source) {
    List<Arm> best = new ArrayList<>(pool.keySet());
    best.sort(Comparator.comparingDouble(arm -> -prior.gain(arm)));
    Map<String, Integer> seen = new HashMap<>();
    Map<Arm, Integer> turn = new HashMap<>();
    best.forEach(arm -> turn.put(arm, seen.merge(arm.modelVariant(), 1, Integer::sum)));
    best.sort(Comparator.comparing(turn::get));
    return best.stream().map(arm -> hypothesis(source, arm)).toList();
  }

  private Hypothesis hypothesis(Source source, Arm arm) {
    double gain = prior.gain(arm);
    return new Hypothesis(
        "h-" + arm.configId(),
        source,
        "Ranks high in past studies",
        "Model variant and parameter values that ranked high within past studies",
        arm,
        List.of(),
        List.of(),
        new Hypothesis.Forecast(gain, prior.gainSd(), 0.5, 0, 0),
        gain,
        new TreeMap<>(),
        Optional.empty());
  }

  private CampaignSpec spec(Arm baseline, int trials) {
    int validation = (int) Math.ceil(VALIDATION_SHARE * trials);
    int combination = (int) Math.floor(COMBINATION_SHARE * trials);
    return new CampaignSpec(
        "replay",
        new StudyKey("replay", "replay", "val_auc", StudyKey.VALIDATION),
        new Objective("val_auc", Objective.Direction.MAXIMIZE, prior.noiseSd()),
        baseline,
        SearchSpace.ofArms(List.copyOf(pool.keySet())),
        new CampaignSpec.Training("replay", "", Duration.ofHours(1), 0),
        new CampaignSpec.Budget(UNLIMITED_MICROS, 0, 1),
        new CampaignSpec.Guardrails("", List.of(), List.of()),
        new CampaignSpec.Sources(true, false, CampaignSpec.LlmUse.NEVER),
        Map.of(
            Phase.BASELINE,
            0,
            Phase.VALIDATION,
            validation,
            Phase.COMBINATION,
            combination,
            Phase.EXPLOITATION,
            trials - validation - combination,
            Phase.CONFIRMATION,
            0));
  }
}
