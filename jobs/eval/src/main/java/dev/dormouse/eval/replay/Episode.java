package dev.dormouse.eval.replay;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Results;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
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
 * Plays one campaign against a pool of known results, with the decisions of a real campaign, and
 * returns the arms that it evaluates in order.
 */
final class Episode {
  private static final double VALIDATION_SHARE = 0.3;
  private static final double COMBINATION_SHARE = 0.1;

  /**
   * Trials allowed per whole run of budget where runs can be stopped; they are judged at 0.3 of
   * their length, so no budget lasts for more.
   */
  private static final int TRIALS_PER_RUN = 4;

  /** More than any pool can cost: a replay limits evaluations, not hours. */
  private static final long UNLIMITED_MICROS = 1_000_000_000_000_000L;

  /** An evaluation that the campaign chose. */
  record Choice(TrialSpec trial, KnownResult result, Regret.Evaluation evaluation) {}

  /** Lets another source change the plan before anything is evaluated. */
  @FunctionalInterface
  interface Adviser {
    /** Leaves the plan as it is. */
    Adviser NONE = (spec, hypotheses, noiseSd) -> hypotheses;

    /** Returns the same hypotheses, possibly with other sources and in another order. */
    List<Hypothesis> advised(CampaignSpec spec, List<Hypothesis> hypotheses, double noiseSd);
  }

  private final Map<Arm, KnownResult> pool = new LinkedHashMap<>();
  private final HistoryPrior prior;
  private final CampaignSpec spec;
  private final Plan plan;
  private final int budget;
  private final LearningCurves curves;

  /**
   * @param pool the arms, in the order that breaks ties
   * @param source the source that proposes the arms
   * @param budget in whole runs
   */
  Episode(
      List<KnownResult> pool,
      HistoryPrior prior,
      Source source,
      int budget,
      LearningCurves curves) {
    this(pool, prior, source, budget, curves, Adviser.NONE);
  }

  /**
   * @param adviser may change the hypotheses
   */
  Episode(
      List<KnownResult> pool,
      HistoryPrior prior,
      Source source,
      int budget,
      LearningCurves curves,
      Adviser adviser) {
    this.budget = budget;
    this.curves = curves;
    pool.forEach(result -> this.pool.putIfAbsent(result.arm(), result));
    this.prior = prior;
    List<Hypothesis> hypotheses = hypotheses(source);
    this.spec =
        spec(
            hypotheses.get(0).arm(),
            curves == LearningCurves.SHOWN ? TRIALS_PER_RUN * budget : budget);
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

  /** Plays the campaign until its budget or the pool is used up. */
  List<Choice> play() {
    ReplayBackend backend = new ReplayBackend(pool, curves);
    List<Choice> choices = new ArrayList<>();
    Playthrough.play(
        spec,
        plan,
        Optional.of(forecasts()),
        backend,
        (state, event) -> {
          if (event instanceof CampaignEvent.Settled settled) {
            choices.add(choice(state, settled, backend));
          }
          return choices.stream().mapToDouble(c -> c.evaluation().cost()).sum() < budget;
        });
    return choices;
  }

  private ArmForecasts forecasts() {
    return new ArmForecasts(
        prior.agreement(),
        prior.spread(),
        pool.keySet().stream().map(arm -> new ArmForecast(arm, prior.gain(arm), 0, 0)).toList(),
        List.of());
  }

  private Choice choice(CampaignState state, CampaignEvent.Settled settled, ReplayBackend backend) {
    TrialKey key = new TrialKey(spec.campaignId(), settled.trialId(), settled.attempt());
    TrialSpec trial = state.attempts().get(key).trial();
    KnownResult result = pool.get(trial.arm());
    int whole = curves == LearningCurves.SHOWN ? Math.max(1, result.curve().size()) : 1;
    return new Choice(
        trial,
        result,
        new Regret.Evaluation(
            Results.value(spec, state.attempts().get(key)), (double) backend.points(key) / whole));
  }

  /** Returns every arm, hedged: the best of each model variant before the second of any. */
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
