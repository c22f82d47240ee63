package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.DOUBLE;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Plan;
import java.time.Instant;

/** {@code plans}: what a person approves. */
public final class PlansTable {
  public static final Table TABLE =
      Table.named("plans", Table.Writer.SPARK, "Plans: phases, trials, cost estimate, stop rules")
          .required(
              "plan_hash", STRING, "Identity of the plan: an approval holds for exactly this one")
          .required("campaign_id", STRING, "The campaign")
          .required("planned_at", TIMESTAMP, "When, UTC")
          .required("cap_gpu_hours", DOUBLE, "Budget asked for, GPU-hours")
          .required("cost_gpu_hours", DOUBLE, "Expected cost, GPU-hours")
          .required(
              "cost_low_gpu_hours", DOUBLE, "Lower end of the 80% interval of the cost, GPU-hours")
          .required(
              "cost_high_gpu_hours", DOUBLE, "Upper end of the 80% interval of the cost, GPU-hours")
          .required("cost_basis", STRING, "How the cost is known")
          .required("spec", STRING, "The resolved campaign file as JSON")
          .required("content", STRING, "The whole plan as JSON")
          .key("plan_hash")
          .check(Check.atLeast("cap_gpu_hours", 0))
          .check(Check.atLeast("cost_gpu_hours", 0))
          .build();

  private PlansTable() {}

  /** Returns the row of a plan. */
  public static TableRow encode(Plan plan, CampaignSpec spec, Instant plannedAt) {
    return TableRow.of(TABLE)
        .set("plan_hash", plan.hash())
        .set("campaign_id", plan.campaignId())
        .set("planned_at", plannedAt)
        .set("cap_gpu_hours", GpuHours.hours(plan.capMicros()))
        .set("cost_gpu_hours", GpuHours.hours(plan.cost().expectedMicros()))
        .set("cost_low_gpu_hours", GpuHours.hours(plan.cost().lowMicros()))
        .set("cost_high_gpu_hours", GpuHours.hours(plan.cost().highMicros()))
        .set("cost_basis", plan.cost().basis())
        .set("spec", Json.write(spec))
        .set("content", Json.write(plan))
        .build();
  }
}
