package dev.dormouse.plan;

import dev.dormouse.caution.HistoryCoverage;
import dev.dormouse.hypothesize.Hypotheses;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.hypothesize.Ranking;
import dev.dormouse.hypothesize.Slots;
import dev.dormouse.hypothesize.TrackRecords;
import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Run;
import dev.dormouse.search.Outlook;
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
    PlanningInputs inputs = PlanningInputs.read(lake, spec, runCost, model.isPresent());
    return build(inputs, inputs.context().outlook(), model);
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
    PlanningInputs inputs = PlanningInputs.read(lake, spec, preflightRunTime, model.isPresent());
    return rank(inputs, inputs.context().outlook(), model);
  }

  /**
   * Builds the plan of a campaign from what was read from the lake. Pure, but for the questions to
   * the model.
   *
   * @param outlook what to expect of any arm of the campaign
   * @param model the language model to ask for ideas; if empty, only statistical sources propose
   */
  public static PlanDraft build(
      PlanningInputs inputs, Outlook outlook, Optional<LlmBatches> model) {
    PlanningContext context = inputs.context();
    RankedHypotheses ranked = rank(inputs, outlook, model);
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
                Hypotheses.betterBaseline(context, outlook),
                PlanCautions.of(context, outlook.ignored(), inputs.outcomes())),
            new StudySoFar(forecasts.known(), context.studyRuns()));
    return new PlanDraft(context, ranked, plan, forecasts);
  }

  private static RankedHypotheses rank(
      PlanningInputs inputs, Outlook outlook, Optional<LlmBatches> model) {
    List<Hypothesis> statistical = Hypotheses.generate(inputs.context(), outlook);
    RankedHypotheses ranked =
        model
            .map(asked -> new ModelIdeas(inputs, outlook).rank(statistical, asked))
            .orElseGet(
                () ->
                    new RankedHypotheses(
                        Ranking.rank(statistical, TrackRecords.of(inputs.outcomes()), outlook),
                        List.of()));
    return outlook.hasHistory() ? withReserved(inputs.context(), ranked) : ranked;
  }

  private static RankedHypotheses withReserved(PlanningContext context, RankedHypotheses ranked) {
    HistoryCoverage coverage = context.coverage();
    return new RankedHypotheses(
        Slots.reserved(
            ranked.hypotheses(),
            hypothesis ->
                !coverage.untried(hypothesis.arm()).isEmpty()
                    && coverage.isNextToTried(hypothesis.arm()),
            context.spec().trials(Phase.VALIDATION)),
        ranked.refusals());
  }
}
