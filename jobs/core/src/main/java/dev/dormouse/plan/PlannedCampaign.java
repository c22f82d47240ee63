package dev.dormouse.plan;

import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.Plan;

/**
 * A new plan with all that is recorded with it.
 *
 * @param plan what people approve
 * @param ranked all hypotheses, best first, those that the plan leaves out too
 * @param forecasts what a tick chooses by
 */
public record PlannedCampaign(Plan plan, RankedHypotheses ranked, ArmForecasts forecasts) {}
