package dev.dormouse.eval.replay;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Results;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.forecast.PastResult;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.plan.PlanDraft;
import dev.dormouse.plan.Planner;
import dev.dormouse.plan.PlanningInputs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plays campaigns against a pool of known results: plans as users do, approves, and decides as
 * ticks do. Returns the arms that were evaluated, in order.
 *
 * <p>A baseline without a result ends a campaign. As a person would, the episode then begins
 * another campaign with another baseline; what was evaluated stays charged.
 */
final class Episode {
  /**
   * Trials allowed per whole run of budget where runs can be stopped; they are judged at 0.3 of
   * their length, so no budget lasts for more.
   */
  private static final int TRIALS_PER_RUN = 4;

  /** An evaluation that a campaign chose. */
  record Choice(TrialSpec trial, KnownResult result, Regret.Evaluation evaluation) {}

  /**
   * What the campaigns of an episode plan from.
   *
   * @param inputs read from the lake
   * @param prior learnt from them
   * @param model the language model to ask for ideas, if any
   */
  record Knowledge(PlanningInputs inputs, HistoryPrior prior, Optional<LlmBatches> model) {}

  private final Map<Arm, KnownResult> pool = new LinkedHashMap<>();
  private final ReplayCampaign campaign;
  private final Knowledge knowledge;
  private final int budget;
  private final LearningCurves curves;
  private final List<Choice> choices = new ArrayList<>();

  /**
   * @param pool the arms, in the order that breaks ties
   * @param budget in whole runs
   */
  Episode(
      List<KnownResult> pool,
      ReplayCampaign campaign,
      Knowledge knowledge,
      int budget,
      LearningCurves curves) {
    pool.forEach(result -> this.pool.putIfAbsent(result.arm(), result));
    this.campaign = campaign;
    this.knowledge = knowledge;
    this.budget = budget;
    this.curves = curves;
  }

  /** Plays until the budget or the pool is used up. */
  List<Choice> play() {
    List<PastResult> history = knowledge.inputs().context().history();
    List<Arm> left = new ArrayList<>(pool.keySet());
    boolean goesOn = true;
    while (goesOn && spent() < budget && !left.isEmpty()) {
      int before = choices.size();
      play(left, BorrowedBaseline.of(left, history));
      List<Choice> played = choices.subList(before, choices.size());
      goesOn = !played.isEmpty() && played.stream().allMatch(Episode::isFailedBaseline);
      played.forEach(choice -> left.remove(choice.trial().arm()));
    }
    return choices;
  }

  private static boolean isFailedBaseline(Choice choice) {
    return choice.trial().phase() == Phase.BASELINE && choice.evaluation().value().isEmpty();
  }

  private double spent() {
    return choices.stream().mapToDouble(choice -> choice.evaluation().cost()).sum();
  }

  private void play(List<Arm> arms, Arm baseline) {
    int runs = (int) Math.ceil(budget - spent());
    CampaignSpec spec =
        campaign.spec(
            arms, baseline, curves == LearningCurves.SHOWN ? TRIALS_PER_RUN * runs : runs);
    PlanningInputs inputs = knowledge.inputs().of(spec);
    PlanDraft planned =
        Planner.build(inputs, inputs.context().outlook(knowledge.prior()), knowledge.model());
    ReplayBackend backend = new ReplayBackend(pool, curves);
    Playthrough.play(
        spec,
        planned.plan(),
        Optional.of(planned.forecasts()),
        backend,
        (state, event) -> {
          if (event instanceof CampaignEvent.Settled settled) {
            choices.add(choice(spec, state, settled, backend));
          }
          return spent() < budget;
        });
  }

  private Choice choice(
      CampaignSpec spec,
      CampaignState state,
      CampaignEvent.Settled settled,
      ReplayBackend backend) {
    TrialKey key = new TrialKey(spec.campaignId(), settled.trialId(), settled.attempt());
    Attempt attempt = state.attempts().get(key);
    KnownResult result = pool.get(attempt.trial().arm());
    int whole = curves == LearningCurves.SHOWN ? Math.max(1, result.curve().size()) : 1;
    return new Choice(
        attempt.trial(),
        result,
        new Regret.Evaluation(Results.value(spec, attempt), (double) backend.points(key) / whole));
  }
}
