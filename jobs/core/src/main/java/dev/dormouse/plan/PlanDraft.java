package dev.dormouse.plan;

import static org.apache.spark.sql.functions.col;

import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.io.SparkLake;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan;
import dev.dormouse.table.HypothesesTable;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * A plan that was built and is not recorded yet. The plan has to be recorded before the campaign
 * refers to it, since ticks read its forecasts; the hypotheses after that, since they replace those
 * of the plan before.
 */
public final class PlanDraft {
  private final PlanningContext context;
  private final RankedHypotheses ranked;
  private final Plan plan;
  private final ArmForecasts forecasts;

  PlanDraft(PlanningContext context, RankedHypotheses ranked, Plan plan, ArmForecasts forecasts) {
    this.context = context;
    this.ranked = ranked;
    this.plan = plan;
    this.forecasts = forecasts;
  }

  /** Returns the plan. */
  public Plan plan() {
    return plan;
  }

  /** Returns the forecasts that travel with the plan, by which a tick chooses. */
  public ArmForecasts forecasts() {
    return forecasts;
  }

  /** Adds the plan, its forecasts and technique cards that are new to the lake. */
  public void recordPlan(SparkLake lake, Instant now) {
    PlanRecorder.addPlan(lake, context, plan, forecasts, now);
  }

  /** Replaces the campaign's earlier hypotheses in the lake. */
  public void recordHypotheses(SparkLake lake, Instant now) {
    PlanRecorder.replaceHypotheses(lake, ranked, plan, now);
  }

  /** Returns whether the hypotheses in the lake are those of this plan. */
  public boolean hasRecordedHypotheses(SparkLake lake) {
    Set<String> planned = new TreeSet<>();
    plan.hypotheses().stream().map(Hypothesis::hypothesisId).forEach(planned::add);
    Set<String> recorded = new TreeSet<>();
    lake.read(HypothesesTable.TABLE)
        .where(col("campaign_id").equalTo(plan.campaignId()).and(col("planned")))
        .select("hypothesis_id")
        .collectAsList()
        .forEach(row -> recorded.add(row.getString(0)));
    return recorded.equals(planned);
  }
}
