package dev.dormouse.plan;

import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.io.KernelLake;
import dev.dormouse.io.SparkLake;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan;
import dev.dormouse.research.TechniqueCards;
import dev.dormouse.table.HypothesesTable;
import dev.dormouse.table.PlanForecastsTable;
import dev.dormouse.table.PlansTable;
import dev.dormouse.table.TableRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a plan, its hypotheses and the technique cards that they cite to the lake. */
final class PlanRecorder {
  private PlanRecorder() {}

  /** Replaces the campaign's earlier hypotheses. */
  static void replaceHypotheses(SparkLake lake, RankedHypotheses ranked, Plan plan, Instant now) {
    lake.replaceWhere(
        HypothesesTable.TABLE,
        "campaign_id = '" + plan.campaignId() + "'",
        lake.rows(HypothesesTable.TABLE, hypothesisRows(ranked, plan, now)));
  }

  /** Adds the plan, its forecasts and techniques that are new. */
  static void addPlan(
      SparkLake lake, PlanningContext context, Plan plan, ArmForecasts forecasts, Instant now) {
    TechniqueCards.record(lake);
    lake.create(PlanForecastsTable.TABLE);
    KernelLake kernel = lake.kernel();
    if (kernel
        .readWhere(PlanForecastsTable.TABLE, "forecasts_hash", forecasts.hash())
        .rows()
        .isEmpty()) {
      kernel.append(
          PlanForecastsTable.TABLE, PlanForecastsTable.encode(plan.campaignId(), forecasts));
    }
    lake.addNew(PlansTable.encode(plan, context.spec(), now));
  }

  private static List<TableRow> hypothesisRows(RankedHypotheses ranked, Plan plan, Instant now) {
    Set<String> planned =
        plan.hypotheses().stream().map(Hypothesis::hypothesisId).collect(Collectors.toSet());
    List<TableRow> rows = new ArrayList<>();
    for (Hypothesis hypothesis : ranked.hypotheses()) {
      rows.add(
          HypothesesTable.encode(
              plan.campaignId(),
              hypothesis,
              rows.size() + 1,
              planned.contains(hypothesis.hypothesisId()),
              now));
    }
    return rows;
  }
}
