package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Decider.Draft;
import dev.dormouse.model.Phase;
import java.time.Instant;
import java.util.Optional;

/** Advances a running campaign through its phases, within its budget. Pure. */
final class PhasePolicy {
  private PhasePolicy() {}

  /** Starts the due trials that the budget allows, and the next phase when a phase is done. */
  static void advance(Draft draft) {
    if (draft.state().phase().isEmpty()) {
      startNext(draft, phaseWithTrials(draft, Optional.empty()));
    }
    while (draft.state().status() == Status.RUNNING) {
      Phase phase = draft.state().phase().orElseThrow();
      boolean blocked = startDue(draft, phase);
      if (!draft.state().open().isEmpty()
          || DueTrials.isWaiting(draft.state(), draft.spec(), phase, draft.now())) {
        return;
      }
      if (phase == Phase.CONFIRMATION) {
        finish(draft, Verdicts.ofConfirmation(draft.state(), draft.spec()));
      } else if (phase == Phase.BASELINE
          && Results.baselineValues(draft.state(), draft.spec()).length == 0) {
        finish(draft, Verdicts.withoutBaseline(draft.state(), blocked));
      } else if (blocked) {
        concludeSearch(draft, "the rest of the budget is kept for it");
      } else if (!isUsedUp(draft, phase) || !extend(draft, phase)) {
        startNext(draft, phaseWithTrials(draft, Optional.of(phase)));
      }
    }
  }

  /** Returns the first phase after this one that has trials, or gets some. */
  private static Optional<Phase> phaseWithTrials(Draft draft, Optional<Phase> after) {
    Optional<Phase> phase = after.isEmpty() ? Optional.of(Phase.BASELINE) : after.get().next();
    while (phase.isPresent() && trials(draft, phase.get()) == 0 && !extend(draft, phase.get())) {
      phase = phase.get().next();
    }
    return phase;
  }

  private static int trials(Draft draft, Phase phase) {
    return Split.trials(draft.state(), draft.spec(), phase);
  }

  private static boolean isUsedUp(Draft draft, Phase phase) {
    return DueTrials.asked(draft.state(), phase) >= trials(draft, phase);
  }

  /** Gives a phase more trials if the cap allows it; returns whether it does. */
  private static boolean extend(Draft draft, Phase phase) {
    Optional<CampaignEvent.SplitChanged> change =
        Split.extended(draft.state(), draft.spec(), phase);
    change.ifPresent(
        split ->
            draft.record(
                split,
                "phase " + phase.id() + " gets " + split.trials() + " trials: " + split.reason()));
    return change.isPresent();
  }

  private static void startNext(Draft draft, Optional<Phase> next) {
    if (next.isPresent() && next.get() != Phase.CONFIRMATION) {
      enter(draft, next.get(), "up to " + trials(draft, next.get()) + " trials");
    } else {
      concludeSearch(draft, trials(draft, Phase.CONFIRMATION) + " seed pairs");
    }
  }

  private static void concludeSearch(Draft draft, String reason) {
    CampaignState state = draft.state();
    if (trials(draft, Phase.CONFIRMATION) == 0) {
      finish(draft, Verdicts.unconfirmed(state, draft.spec()));
    } else if (Results.winner(state, draft.spec()).isEmpty()) {
      finish(draft, Verdicts.noWinner(state, draft.spec()));
    } else {
      enter(draft, Phase.CONFIRMATION, reason);
    }
  }

  private static void enter(Draft draft, Phase phase, String reason) {
    draft.record(
        new CampaignEvent.PhaseStarted(phase, reason),
        "phase " + phase.id() + " begins: " + reason);
  }

  private static void finish(Draft draft, Verdict verdict) {
    draft.record(
        new CampaignEvent.Finished(verdict), "the campaign ends: " + verdict.kind().text());
  }

  /** Starts due trials; returns whether the budget does not allow one of them. */
  private static boolean startDue(Draft draft, Phase phase) {
    int free = draft.spec().budget().maxParallel() - draft.state().open().size();
    if (free <= 0) {
      return false;
    }
    long worstCase = draft.spec().training().worstCaseMicros();
    for (DueTrials.Due due : DueTrials.of(draft, phase, free)) {
      if (!Funds.allow(draft.state(), draft.spec(), phase)) {
        return true;
      }
      Instant notAfter = draft.now().plus(Decider.LAUNCH_WINDOW);
      draft.record(
          new CampaignEvent.Intent(due.trial(), due.attempt(), worstCase, notAfter), due.why());
      TrialKey key = new TrialKey(draft.state().campaignId(), due.trial().trialId(), due.attempt());
      draft.command(new Command.Launch(key, due.trial(), notAfter));
    }
    return false;
  }
}
