package dev.dormouse.plan;

import dev.dormouse.hypothesize.Hypotheses;
import dev.dormouse.hypothesize.HypothesisOutcome;
import dev.dormouse.hypothesize.OutcomeReader;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.hypothesize.Ranking;
import dev.dormouse.hypothesize.TrackRecords;
import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Run;
import dev.dormouse.search.Outlook;
import dev.dormouse.stats.ForecastOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Plans a campaign from the lake: reads the inputs, ranks hypotheses, builds the plan, writes it.
 */
public final class Planner {
  private Planner() {}

  /**
   * Builds the plan of a campaign and writes {@code techniques}, {@code hypotheses} (replacing the
   * campaign's earlier ones) and {@code plans}. The same lake gives the same plan.
   *
   * @param preflightRunTime how long the preflight run of the baseline took; empty if there was
   *     none
   * @param now the time to record
   * @param model the language model to ask for ideas; if empty, only statistical sources propose
   * @throws ObjectiveConflictException if the lake has the opposite direction for the metric
   */
  public static Plan plan(
      SparkLake lake,
      CampaignSpec spec,
      Optional<Duration> preflightRunTime,
      Instant now,
      Optional<LlmBatches> model) {
    PlanDraft draft =
        draft(lake, spec, runs -> CostBasis.of(spec.training(), runs, preflightRunTime), model);
    draft.recordPlan(lake, now);
    draft.recordHypotheses(lake, now);
    return draft.plan();
  }

  /**
   * Builds the plan of a campaign again and records nothing of it.
   *
   * @param old the plan that it may replace
   * @param model the language model to ask for ideas; if empty, only statistical sources propose
   * @throws ObjectiveConflictException if the lake has the opposite direction for the metric
   */
  public static PlanDraft again(
      SparkLake lake, CampaignSpec spec, Plan old, Optional<LlmBatches> model) {
    return draft(lake, spec, runs -> CostBasis.again(spec.training(), runs, old), model);
  }

  private static PlanDraft draft(
      SparkLake lake,
      CampaignSpec spec,
      Function<List<Run>, CostEstimate> runCost,
      Optional<LlmBatches> model) {
    ObjectiveCheck.record(lake, spec);
    PlanningContext context = PlanningInputs.read(lake, spec, runCost);
    Outlook outlook = context.outlook();
    RankedHypotheses ranked = rank(lake, context, outlook, model);
    ArmForecasts forecasts =
        outlook.forecasts(ranked.hypotheses().stream().map(Hypothesis::arm).toList());
    Plan plan =
        PlanBuilder.build(
            context.spec(),
            ranked,
            context.runCost(),
            new Plan.Basis(
                forecasts.hash(),
                context.noiseSd(),
                Hypotheses.known(context, outlook),
                Hypotheses.betterBaseline(context, outlook)),
            new StudySoFar(forecasts.known(), context.studyRuns()));
    return new PlanDraft(context, ranked, plan, forecasts);
  }

  /**
   * Returns the campaign's hypotheses, best first. Writes nothing but the calls to the model.
   *
   * @param preflightRunTime how long the preflight run of the baseline took; empty if there was
   *     none
   * @param model the language model to ask for ideas; if empty, only statistical sources propose
   * @throws ObjectiveConflictException if the lake has the opposite direction for the metric
   */
  public static RankedHypotheses hypotheses(
      SparkLake lake,
      CampaignSpec spec,
      Optional<Duration> preflightRunTime,
      Optional<LlmBatches> model) {
    PlanningContext context =
        PlanningInputs.read(
            lake, spec, runs -> CostBasis.of(spec.training(), runs, preflightRunTime));
    return rank(lake, context, context.outlook(), model);
  }

  private static RankedHypotheses rank(
      SparkLake lake, PlanningContext context, Outlook outlook, Optional<LlmBatches> model) {
    List<Hypothesis> statistical = Hypotheses.generate(context, outlook);
    List<ForecastOutcome> outcomes =
        OutcomeReader.read(lake).stream().map(HypothesisOutcome::forecast).toList();
    return model
        .map(asked -> ModelIdeas.read(lake, context, outlook, outcomes).rank(statistical, asked))
        .orElseGet(
            () ->
                new RankedHypotheses(
                    Ranking.rank(statistical, TrackRecords.of(outcomes), outlook), List.of()));
  }
}
