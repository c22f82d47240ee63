package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Decider.Draft;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import dev.dormouse.plan.Proposal;
import dev.dormouse.plan.ProposalContext;
import dev.dormouse.plan.Proposals;
import dev.dormouse.runbook.Remedy;
import dev.dormouse.runbook.Runbook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a running campaign goes through its phases, within its budget. Pure. */
final class PhasePolicy {
  /** The phases that look for better arms. */
  static final Set<Phase> SEARCH =
      Set.copyOf(EnumSet.of(Phase.VALIDATION, Phase.COMBINATION, Phase.EXPLOITATION));

  /**
   * All searching is done with this seed, so that arms differ by what they are and not by luck of
   * the draw.
   */
  static final long SEARCH_SEED = 1;

  /** Confirmation uses seeds that no search has seen. */
  static final long FIRST_FRESH_SEED = 1001;

  /**
   * Confirmation is expected to cost at most this much more than the campaign's runs so far
   * suggest.
   */
  private static final double CONFIRMATION_MARGIN = 1.5;

  private PhasePolicy() {}

  /** One attempt that should be made: a trial and which attempt of it. */
  private record Wanted(TrialSpec trial, int attempt, String why) {}

  /** Starts what is due and fits, and moves on when a phase is done. */
  static void advance(Draft draft) {
    if (draft.state().phase().isEmpty()) {
      enter(draft, Phase.BASELINE);
    }
    while (draft.state().status() == CampaignState.Status.RUNNING) {
      Phase phase = draft.state().phase().orElseThrow();
      boolean blocked = startWhatFits(draft, phase);
      if (!draft.state().open().isEmpty()) {
        return;
      }
      if (blocked && phase == Phase.CONFIRMATION) {
        finish(
            draft,
            Verdicts.stopped(
                draft.state(), "The budget does not allow to finish the confirmation."));
      } else if (phase == Phase.BASELINE
          && draft.spec().trials(phase) > 0
          && Results.baselineValues(draft.state(), draft.spec()).length == 0) {
        finish(
            draft,
            Verdicts.stopped(
                draft.state(),
                "The baseline did not train once; nothing can be compared with it."));
      } else if (phase == Phase.CONFIRMATION) {
        finish(draft, Verdicts.ofConfirmation(draft.state(), draft.spec()));
      } else {
        leave(draft, phase, blocked);
      }
    }
  }

  private static void leave(Draft draft, Phase phase, boolean blocked) {
    Phase next = blocked ? Phase.CONFIRMATION : phase.next().orElseThrow();
    if (next != Phase.CONFIRMATION) {
      enter(draft, next);
    } else if (draft.spec().trials(Phase.CONFIRMATION) == 0) {
      finish(draft, Verdicts.unconfirmed(draft.state(), draft.spec()));
    } else if (Results.winner(draft.state(), draft.spec()).isEmpty()) {
      finish(draft, Verdicts.noCandidate());
    } else {
      enter(draft, next);
    }
  }

  private static void enter(Draft draft, Phase phase) {
    draft.record(
        new CampaignEvent.PhaseStarted(phase, "up to " + draft.spec().trials(phase) + " trials"),
        "phase " + phase.id() + " begins");
  }

  private static void finish(Draft draft, Verdict verdict) {
    draft.record(
        new CampaignEvent.Finished(verdict), "the campaign ends: " + verdict.kind().text());
  }

  /** Returns whether something was due that the budget does not allow. */
  private static boolean startWhatFits(Draft draft, Phase phase) {
    int free = draft.spec().budget().maxParallel() - draft.state().open().size();
    if (free <= 0) {
      return false;
    }
    for (Wanted wanted : wanted(draft, phase, free)) {
      long worstCase = draft.spec().training().worstCaseMicros();
      if (!fits(draft, phase, worstCase)) {
        return true;
      }
      Instant notAfter = draft.now().plus(Decider.LAUNCH_WINDOW);
      draft.record(
          new CampaignEvent.Intent(wanted.trial(), wanted.attempt(), worstCase, notAfter),
          wanted.why());
      TrialKey key =
          new TrialKey(draft.state().campaignId(), wanted.trial().trialId(), wanted.attempt());
      draft.command(new Command.Launch(key, wanted.trial(), notAfter));
    }
    return false;
  }

  private static boolean fits(Draft draft, Phase phase, long worstCase) {
    CampaignState state = draft.state();
    long cap = state.approval().orElseThrow().capMicros();
    long keptBack = SEARCH.contains(phase) ? confirmationNeed(state, draft.spec()) : 0;
    return state.settledMicros() + state.reservedMicros() + worstCase + keptBack <= cap;
  }

  /** What confirmation will probably cost, from the mean cost of the runs so far. */
  private static long confirmationNeed(CampaignState state, CampaignSpec spec) {
    double mean =
        state.attempts().values().stream()
            .filter(attempt -> attempt.outcome().isPresent())
            .mapToLong(Attempt::settledMicros)
            .average()
            .orElse(0);
    return (long) (2 * spec.trials(Phase.CONFIRMATION) * mean * CONFIRMATION_MARGIN);
  }

  private static List<Wanted> wanted(Draft draft, Phase phase, int count) {
    List<Wanted> wanted = new ArrayList<>(repeats(draft.state(), draft.spec(), phase));
    wanted.addAll(
        switch (phase) {
          case BASELINE ->
              seeds(
                  draft,
                  phase,
                  draft.spec().baseline(),
                  1,
                  draft.spec().trials(phase),
                  false,
                  Optional.empty());
          case CONFIRMATION -> confirmation(draft);
          default -> proposals(draft, phase, count);
        });
    return wanted.stream().limit(count).toList();
  }

  /** Attempts that the runbook asks for: the same arm again, or a mended one. */
  private static List<Wanted> repeats(CampaignState state, CampaignSpec spec, Phase phase) {
    Map<String, Attempt> newest = new HashMap<>();
    state
        .of(phase)
        .forEach(
            attempt ->
                newest.merge(
                    attempt.trial().trialId(),
                    attempt,
                    (a, b) -> a.key().attempt() > b.key().attempt() ? a : b));
    Set<String> trained =
        state.attempts().values().stream()
            .map(a -> a.trial().arm().configId())
            .collect(Collectors.toSet());
    List<Wanted> repeats = new ArrayList<>();
    for (Attempt attempt : state.of(phase)) {
      if (attempt.isOpen() || !newest.get(attempt.trial().trialId()).equals(attempt)) {
        continue;
      }
      RunStatus status = attempt.outcome().map(RunOutcome::status).orElse(RunStatus.INFRA);
      if (status == RunStatus.OK || status == RunStatus.ABANDONED) {
        continue;
      }
      Remedy remedy = Decider.remedy(spec, attempt, status);
      TrialSpec trial = attempt.trial();
      if (remedy.action() == Remedy.Action.RETRY
          && attempt.key().attempt() < Runbook.MOST_ATTEMPTS) {
        repeats.add(
            new Wanted(trial, attempt.key().attempt() + 1, trial.trialId() + " is tried again"));
      } else if (remedy.action() == Remedy.Action.AMEND) {
        Arm mended = trial.arm().with(List.of(remedy.change().orElseThrow()));
        if (trained.add(mended.configId())) {
          TrialSpec amended =
              new TrialSpec(
                  TrialSpec.id(phase, mended, trial.seed()),
                  phase,
                  mended,
                  trial.seed(),
                  trial.fidelity(),
                  trial.useTestSplit(),
                  trial.hypothesisId(),
                  Optional.of(Source.RUNBOOK),
                  Optional.empty(),
                  Optional.of(trial.trialId()));
          repeats.add(
              new Wanted(
                  amended, 1, trial.trialId() + " is mended: " + remedy.change().orElseThrow()));
        }
      }
    }
    return repeats;
  }

  private static List<Wanted> proposals(Draft draft, Phase phase, int count) {
    CampaignState state = draft.state();
    CampaignSpec spec = draft.spec();
    long asked =
        state.of(phase).stream()
            .filter(a -> a.trial().amends().isEmpty())
            .map(a -> a.trial().trialId())
            .distinct()
            .count();
    int left = (int) Math.min(count, spec.trials(phase) - asked);
    if (left <= 0) {
      return List.of();
    }
    Set<String> pending =
        state.open().stream().map(a -> a.trial().arm().configId()).collect(Collectors.toSet());
    ProposalContext context =
        new ProposalContext(
            spec,
            state.plan().orElseThrow(),
            Results.noiseSd(state, spec),
            Results.tried(state, spec),
            pending);
    return Proposals.propose(phase, context, left).stream()
        .map(proposal -> wanted(phase, proposal))
        .toList();
  }

  private static Wanted wanted(Phase phase, Proposal proposal) {
    TrialSpec trial =
        new TrialSpec(
            TrialSpec.id(phase, proposal.arm(), SEARCH_SEED),
            phase,
            proposal.arm(),
            SEARCH_SEED,
            1,
            false,
            proposal.hypothesisId(),
            Optional.of(proposal.source()),
            proposal.predictedGain(),
            Optional.empty());
    return new Wanted(trial, 1, proposal.why());
  }

  private static List<Wanted> confirmation(Draft draft) {
    Arm winner = Results.winner(draft.state(), draft.spec()).orElseThrow().arm();
    int pairs = draft.spec().trials(Phase.CONFIRMATION);
    List<Wanted> baseline =
        seeds(
            draft,
            Phase.CONFIRMATION,
            draft.spec().baseline(),
            FIRST_FRESH_SEED,
            pairs,
            true,
            Optional.empty());
    List<Wanted> challenger =
        seeds(
            draft,
            Phase.CONFIRMATION,
            winner,
            FIRST_FRESH_SEED,
            pairs,
            true,
            Optional.of(Source.SURROGATE));
    List<Wanted> all = new ArrayList<>(baseline);
    all.addAll(challenger);
    // Pair by pair, so that an early end leaves whole pairs.
    all.sort(java.util.Comparator.comparingLong(wanted -> wanted.trial().seed()));
    return all;
  }

  /** Trials of one arm with seeds in a row that have not been asked for yet. */
  private static List<Wanted> seeds(
      Draft draft,
      Phase phase,
      Arm arm,
      long firstSeed,
      int count,
      boolean useTestSplit,
      Optional<Source> source) {
    Set<String> asked =
        draft.state().of(phase).stream().map(a -> a.trial().trialId()).collect(Collectors.toSet());
    List<Wanted> wanted = new ArrayList<>();
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      String id = TrialSpec.id(phase, arm, seed);
      if (!asked.contains(id)) {
        TrialSpec trial =
            new TrialSpec(
                id,
                phase,
                arm,
                seed,
                1,
                useTestSplit,
                Optional.empty(),
                source,
                Optional.empty(),
                Optional.empty());
        wanted.add(new Wanted(trial, 1, phase.id() + " with seed " + seed));
      }
    }
    return wanted;
  }
}
