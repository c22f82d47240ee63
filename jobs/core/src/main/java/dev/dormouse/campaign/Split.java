package dev.dormouse.campaign;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan.PhasePlan;
import java.util.Optional;

/**
 * How the budget is split: the trials of each phase that people approved with the plan, and what
 * was added to them within the cap. Pure.
 */
final class Split {
  /** Since these rules a plan binds; before, the campaign file did. */
  private static final int PLAN_BINDS = 4;

  private Split() {}

  /** Returns the largest number of trials of a phase; for confirmation, of seed pairs. */
  static int trials(CampaignState state, CampaignSpec spec, Phase phase) {
    Integer changed = state.split().get(phase);
    if (changed != null) {
      return changed;
    }
    return state.rules() < PLAN_BINDS
        ? spec.trials(phase)
        : state.plan().stream()
            .flatMap(plan -> plan.phases().stream())
            .filter(planned -> planned.phase() == phase)
            .map(Split::trials)
            .findFirst()
            .orElseGet(() -> spec.trials(phase));
  }

  private static int trials(PhasePlan planned) {
    return planned.phase() == Phase.CONFIRMATION ? planned.trials() / 2 : planned.trials();
  }

  /**
   * Returns the trials that a phase of the search gets back: the plan left them out because the cap
   * was expected to be too small, and what runs have cost so far shows that it is not.
   */
  static Optional<CampaignEvent.SplitChanged> extended(
      CampaignState state, CampaignSpec spec, Phase phase) {
    int trials = trials(state, spec, phase);
    int leftOut = spec.trials(phase) - trials;
    if (!phase.isSearch() || state.rules() < PLAN_BINDS || leftOut <= 0) {
      return Optional.empty();
    }
    int more = (int) Math.min(leftOut, Funds.affordable(state, spec, phase));
    return more <= 0
        ? Optional.empty()
        : Optional.of(
            new CampaignEvent.SplitChanged(
                phase,
                trials + more,
                "runs cost "
                    + GpuHours.text((long) Funds.typicalCost(state))
                    + " so far, and the cap lasts for "
                    + more
                    + " more"));
  }
}
