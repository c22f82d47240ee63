package dev.dormouse.hypothesize;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Run;
import dev.dormouse.model.Technique;
import java.util.List;

/**
 * The knowledge that hypotheses are made from.
 *
 * @param spec the campaign
 * @param insights the newest insights, in order of use
 * @param techniques the technique cards
 * @param recipes the best run of each past study with the campaign's metric
 * @param studyRuns runs already in the lake for the campaign's own study
 * @param noiseSd expected seed noise, in metric units, above 0
 * @param runCost expected cost of one run
 */
public record PlanningContext(
    CampaignSpec spec,
    List<Insight> insights,
    List<Technique> techniques,
    List<Run> recipes,
    List<Run> studyRuns,
    double noiseSd,
    CostEstimate runCost) {
  public PlanningContext {
    insights = List.copyOf(insights);
    techniques = List.copyOf(techniques);
    recipes = List.copyOf(recipes);
    studyRuns = List.copyOf(studyRuns);
    if (!(noiseSd > 0)) {
      throw new IllegalArgumentException("Seed noise is " + noiseSd + "; it must be above 0");
    }
  }
}
