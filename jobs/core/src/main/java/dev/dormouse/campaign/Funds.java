package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.RunStatus;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * Decides whether the budget allows one more run. Two limits: spent and reserved cost never exceed
 * the cap, with every run counted at its worst case; and the search leaves what confirmation will
 * probably need, at the typical cost of a run so far.
 */
final class Funds {
  /** Safety factor on the typical cost of the runs of confirmation. */
  private static final double MARGIN = 1.25;

  private Funds() {}

  static boolean allow(CampaignState state, CampaignSpec spec, Phase phase) {
    long cap = state.approval().orElseThrow().capMicros();
    long worstCase = spec.training().worstCaseMicros();
    boolean belowCap = state.settledMicros() + state.reservedMicros() + worstCase <= cap;
    return belowCap && (!phase.isSearch() || leavesConfirmation(state, spec));
  }

  private static boolean leavesConfirmation(CampaignState state, CampaignSpec spec) {
    if (Split.trials(state, spec, Phase.CONFIRMATION) == 0) {
      return true;
    }
    double search = state.settledMicros() + (state.open().size() + 1) * typicalCost(state);
    return search + confirmation(state, spec) <= state.approval().orElseThrow().capMicros();
  }

  /** Returns what confirmation will probably need, in micro-GPU-hours. */
  private static double confirmation(CampaignState state, CampaignSpec spec) {
    int runs = 2 * Split.trials(state, spec, Phase.CONFIRMATION);
    // The last run still has to reserve its worst case.
    return Math.max(0, runs - 1) * typicalCost(state) * MARGIN + spec.training().worstCaseMicros();
  }

  /**
   * Returns how many more trials a phase may have at the typical cost so far, if all later phases
   * get theirs.
   */
  static long affordable(CampaignState state, CampaignSpec spec, Phase phase) {
    double typical = typicalCost(state);
    double left =
        state.approval().orElseThrow().capMicros()
            - state.settledMicros()
            - state.reservedMicros()
            - confirmation(state, spec);
    for (Phase later : Phase.values()) {
      if (later.isSearch() && later.compareTo(phase) > 0) {
        left -= Split.trials(state, spec, later) * typical;
      }
    }
    return left < 0 ? 0 : typical > 0 ? (long) (left / typical) : Long.MAX_VALUE;
  }

  /** Returns the mean cost of the runs that ended well, of all if none did; 0 before the first. */
  static double typicalCost(CampaignState state) {
    Collection<Attempt> attempts = state.attempts().values();
    OptionalDouble ofGood = mean(attempts, outcome -> outcome.status() == RunStatus.OK);
    return ofGood.orElseGet(() -> mean(attempts, outcome -> true).orElse(0));
  }

  private static OptionalDouble mean(Collection<Attempt> attempts, Predicate<RunOutcome> which) {
    List<RunOutcome> outcomes =
        attempts.stream().flatMap(attempt -> attempt.outcome().stream()).filter(which).toList();
    return outcomes.stream().mapToLong(RunOutcome::costMicros).average();
  }
}
