package dev.dormouse.eval.replay;

import dev.dormouse.eval.replay.ReplayRequest.Part;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Phase;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.StudyKey;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The campaigns of a replay, as a file would ask for them: a list of arms, no confirmation, since
 * every arm has one known value, and more GPU-hours than any pool can cost, since a replay limits
 * evaluations.
 *
 * @param objective what the table's results measure
 * @param without what the campaigns do without
 */
record ReplayCampaign(Objective objective, Set<Part> without) {
  private static final long UNLIMITED_MICROS = 1_000_000_000_000_000L;
  private static final Map<Part, Phase> PHASES =
      Map.of(
          Part.BASELINE,
          Phase.BASELINE,
          Part.HYPOTHESES,
          Phase.VALIDATION,
          Part.COMBINATION,
          Phase.COMBINATION);

  ReplayCampaign {
    without = Set.copyOf(without);
  }

  /**
   * Returns a campaign of a study that no lake knows.
   *
   * @param arms its search space
   * @param trials the most trials, the baseline's included
   */
  CampaignSpec spec(List<Arm> arms, Arm baseline, int trials) {
    return spec("replay", "replay", arms, baseline, trials);
  }

  /**
   * Returns a campaign.
   *
   * @param dataset its study's data set
   * @param arms its search space
   * @param trials the most trials, the baseline's included
   */
  CampaignSpec spec(String campaignId, String dataset, List<Arm> arms, Arm baseline, int trials) {
    Set<Phase> phases = EnumSet.noneOf(Phase.class);
    PHASES.forEach(
        (part, phase) -> {
          if (without.contains(part)) {
            phases.add(phase);
          }
        });
    return new CampaignSpec(
        campaignId,
        new StudyKey(dataset, "replay", objective.metric(), StudyKey.VALIDATION),
        objective,
        baseline,
        SearchSpace.ofArms(arms),
        new CampaignSpec.Training("replay", "", Duration.ofHours(1), 0),
        new CampaignSpec.Budget(UNLIMITED_MICROS, 0, 1),
        new CampaignSpec.Guardrails("", List.of(), List.of()),
        new CampaignSpec.Sources(
            !without.contains(Part.HISTORY),
            !without.contains(Part.RESEARCH),
            CampaignSpec.LlmUse.NEVER),
        TrialSplit.of(trials, phases));
  }
}
