package dev.dormouse.search;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import java.util.List;
import java.util.Set;

/**
 * All that the choice of the next arms depends on.
 *
 * @param rules the version of the rules that the campaign began with
 * @param spec the campaign
 * @param plan the approved plan, with the forecasts of its hypotheses
 * @param noiseSd seed noise of the metric, in metric units, above 0
 * @param tried finished trials, in order of intent
 * @param pendingConfigIds arms that are being trained now
 */
public record ProposalContext(
    int rules,
    CampaignSpec spec,
    Plan plan,
    double noiseSd,
    List<EvaluatedTrial> tried,
    Set<String> pendingConfigIds) {
  public ProposalContext {
    tried = List.copyOf(tried);
    pendingConfigIds = Set.copyOf(pendingConfigIds);
  }

  /** Whether the search space is a list of arms rather than parameters with ranges. */
  boolean hasListedArms() {
    return !spec.searchSpace().arms().isEmpty();
  }
}
