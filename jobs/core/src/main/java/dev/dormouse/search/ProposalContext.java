package dev.dormouse.search;

import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.KnownArm;
import dev.dormouse.model.Plan;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that the choice of the next arms depends on.
 *
 * @param rules the version of the rules that the campaign began with
 * @param spec the campaign
 * @param plan the approved plan, with the forecasts of its hypotheses
 * @param forecasts the forecasts that travel with the plan; empty in plans of older versions
 * @param noiseSd seed noise of the metric, in metric units, above 0
 * @param tried finished trials, in order of intent
 * @param pendingConfigIds arms that are being trained now
 */
public record ProposalContext(
    int rules,
    CampaignSpec spec,
    Plan plan,
    Optional<ArmForecasts> forecasts,
    double noiseSd,
    List<EvaluatedTrial> tried,
    Set<String> pendingConfigIds) {
  /** The first version of the rules that chooses from the candidates of the plan. */
  static final int CANDIDATES = 4;

  public ProposalContext {
    tried = List.copyOf(tried);
    pendingConfigIds = Set.copyOf(pendingConfigIds);
  }

  /** Returns the forecasts of gains, by the version of the rules. */
  PriorForecasts prior() {
    return rules < CANDIDATES ? new PlanForecasts(this) : candidateForecasts();
  }

  /** Returns the forecasts of the candidates; without any, those of the plan's hypotheses. */
  CandidateForecasts candidateForecasts() {
    return new CandidateForecasts(
        forecasts.orElseGet(() -> new PlanForecasts(this).asCandidates()));
  }

  /** Returns what the study knew before the campaign. */
  List<KnownArm> known() {
    return rules < CANDIDATES ? List.of() : forecasts.map(ArmForecasts::known).orElse(List.of());
  }

  /** Returns what the models ignore, as past runs tell. */
  IgnoredParameters ignored() {
    return forecasts.map(ArmForecasts::ignored).orElse(IgnoredParameters.NONE);
  }

  /** Whether the search space is a list of arms rather than parameters with ranges. */
  boolean hasListedArms() {
    return !spec.searchSpace().arms().isEmpty();
  }
}
