package dev.dormouse.plan;

import dev.dormouse.hypothesize.Hypotheses;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.hypothesize.Ranking;
import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    ObjectiveCheck.record(lake, spec);
    PlanningContext context = PlanningInputs.read(lake, spec, preflightRunTime);
    RankedHypotheses ranked = rank(lake, context, model);
    Plan plan = PlanBuilder.build(context.spec(), ranked, context.runCost());
    PlanRecorder.write(lake, context, ranked, plan, now);
    return plan;
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
    return rank(lake, PlanningInputs.read(lake, spec, preflightRunTime), model);
  }

  private static RankedHypotheses rank(
      SparkLake lake, PlanningContext context, Optional<LlmBatches> model) {
    List<Hypothesis> statistical = Hypotheses.generate(context);
    return model
        .map(asked -> ModelIdeas.read(lake, context).rank(statistical, asked))
        .orElseGet(() -> new RankedHypotheses(Ranking.rank(statistical, Map.of()), List.of()));
  }
}
