package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import dev.dormouse.model.Thresholds;
import dev.dormouse.runbook.Remedy;
import dev.dormouse.search.Proposal;
import dev.dormouse.search.ProposalContext;
import dev.dormouse.search.Proposals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Selects what a phase trains next: repeats that the runbook asks for, then the phase's own trials.
 * Pure.
 */
final class DueTrials {
  /**
   * The seed of all search trials, one of the baseline's, so that arms are compared under the same
   * randomness.
   */
  private static final long SEARCH_SEED = 1;

  private DueTrials() {}

  /**
   * One attempt to make.
   *
   * @param after the earliest instant to make it
   */
  record Due(TrialSpec trial, int attempt, Instant after, String why) {
    Due(TrialSpec trial, int attempt, String why) {
      this(trial, attempt, Instant.MIN, why);
    }
  }

  /** Returns whether a phase has to repeat a trial whose backoff has not passed. */
  static boolean isWaiting(CampaignState state, CampaignSpec spec, Phase phase, Instant now) {
    return repeats(state, spec, phase, now).stream()
        .anyMatch(repeat -> repeat.after().isAfter(now));
  }

  /**
   * Returns at most {@code count} attempts for a phase, the most urgent first.
   *
   * @param draft repeats whose backoff has not passed by its instant are left out
   */
  static List<Due> of(Decider.Draft draft, Phase phase, int count) {
    CampaignState state = draft.state();
    CampaignSpec spec = draft.spec();
    Instant now = draft.now();
    List<Due> repeats =
        repeats(state, spec, phase, now).stream()
            .filter(repeat -> !isKnown(draft, repeat))
            .toList();
    List<Due> due = new ArrayList<>(repeats.stream().filter(r -> !r.after().isAfter(now)).toList());
    due.addAll(
        switch (phase) {
          case BASELINE -> untried(state, baselineTrials(state, spec));
          case CONFIRMATION -> untried(state, confirmationTrials(state, spec));
          default -> proposals(draft, phase, repeats, count - due.size());
        });
    return due.stream().limit(count).toList();
  }

  /** Whether a mended arm is one that the study tried before the campaign. */
  private static boolean isKnown(Decider.Draft draft, Due repeat) {
    return repeat.attempt() == 1
        && repeat.trial().amends().isPresent()
        && draft
            .forecasts()
            .filter(f -> f.known().stream().anyMatch(k -> k.arm().equals(repeat.trial().arm())))
            .isPresent();
  }

  private static List<Due> repeats(
      CampaignState state, CampaignSpec spec, Phase phase, Instant now) {
    Map<String, Attempt> newest = new LinkedHashMap<>();
    state.of(phase).forEach(attempt -> newest.put(attempt.trial().trialId(), attempt));
    Set<Arm> trained =
        state.attempts().values().stream()
            .map(attempt -> attempt.trial().arm())
            .collect(Collectors.toSet());
    List<Due> due = new ArrayList<>();
    for (Attempt attempt : newest.values()) {
      repeat(state, spec, attempt, now)
          .filter(r -> r.attempt() > 1 || trained.add(r.trial().arm()))
          .ifPresent(due::add);
    }
    return due;
  }

  /** Returns the attempt that follows the newest one of a trial; empty if the trial is over. */
  private static Optional<Due> repeat(
      CampaignState state, CampaignSpec spec, Attempt attempt, Instant now) {
    TrialSpec trial = attempt.trial();
    int next = attempt.key().attempt() + 1;
    if (attempt.released()) {
      // It is released only once its launch has become impossible, so no backoff is needed.
      return Optional.of(new Due(trial, next, trial.trialId() + " is launched anew"));
    }
    Optional<RunStatus> failure =
        attempt.outcome().map(RunOutcome::status).filter(Decider::isFailure);
    if (failure.isEmpty()) {
      return Optional.empty();
    }
    Remedy remedy = Decider.remedy(state, spec, attempt, failure.get());
    return switch (remedy.action()) {
      case RETRY ->
          Optional.of(
              new Due(
                  trial, next, Backoff.until(attempt, now), trial.trialId() + " is trained again"));
      case AMEND -> amended(spec, trial, ((Remedy.Amend) remedy).change());
      case GIVE_UP -> Optional.empty();
    };
  }

  private static Optional<Due> amended(CampaignSpec spec, TrialSpec trial, Change change) {
    Arm arm = trial.arm().with(List.of(change));
    TrialSpec amended =
        TrialSpecBuilder.builder(trial)
            .trialId(TrialSpec.id(trial.phase(), arm, trial.seed()))
            .arm(arm)
            .source(Optional.of(Source.RUNBOOK))
            .predictedGain(Optional.empty())
            .amends(Optional.of(trial.trialId()))
            .build();
    return spec.searchSpace().admits(arm, spec.baseline())
        ? Optional.of(new Due(amended, 1, trial.trialId() + " is mended: " + change))
        : Optional.empty();
  }

  /**
   * Returns how many trials of a phase were decided on. An amended trial replaces the failed one,
   * so it does not count.
   */
  static long asked(CampaignState state, Phase phase) {
    return state.of(phase).stream()
        .map(Attempt::trial)
        .filter(trial -> trial.amends().isEmpty())
        .map(TrialSpec::trialId)
        .distinct()
        .count();
  }

  private static List<Due> proposals(
      Decider.Draft draft, Phase phase, List<Due> repeats, int count) {
    CampaignState state = draft.state();
    CampaignSpec spec = draft.spec();
    int left = (int) Math.min(count, Split.trials(state, spec, phase) - asked(state, phase));
    if (left <= 0) {
      return List.of();
    }
    Set<String> pending = new TreeSet<>(Results.withoutResult(state, spec));
    repeats.forEach(repeat -> pending.add(repeat.trial().arm().configId()));
    ProposalContext context =
        new ProposalContext(
            state.rules(),
            spec,
            state.plan().orElseThrow(),
            draft.forecasts(),
            Results.noiseSd(state, spec),
            Results.tried(state, spec),
            pending);
    return Proposals.propose(phase, context, left).stream()
        .map(proposal -> new Due(proposed(phase, proposal), 1, proposal.why()))
        .toList();
  }

  private static TrialSpec proposed(Phase phase, Proposal proposal) {
    return TrialSpec.of(phase, proposal.arm(), SEARCH_SEED)
        .hypothesisId(proposal.hypothesisId())
        .source(Optional.of(proposal.source()))
        .predictedGain(proposal.predictedGain())
        .build();
  }

  private static List<TrialSpec> baselineTrials(CampaignState state, CampaignSpec spec) {
    return LongStream.rangeClosed(1, Split.trials(state, spec, Phase.BASELINE))
        .mapToObj(seed -> fixed(Phase.BASELINE, spec.baseline(), seed).build())
        .toList();
  }

  /** Returns the trials pair by pair, so that an early end leaves whole pairs. */
  private static List<TrialSpec> confirmationTrials(CampaignState state, CampaignSpec spec) {
    Arm winner = Results.winner(state, spec).orElseThrow().arm();
    Optional<TrialSpec> found =
        state.attempts().values().stream()
            .map(Attempt::trial)
            .filter(trial -> trial.arm().equals(winner))
            .findFirst();
    Optional<Hypothesis> known =
        Results.knownBefore(state).stream()
            .filter(hypothesis -> hypothesis.arm().equals(winner))
            .findFirst();
    return confirmationSeeds(state, spec).stream()
        .flatMap(
            seed ->
                Stream.of(
                    fixed(Phase.CONFIRMATION, spec.baseline(), seed).build(),
                    fixed(Phase.CONFIRMATION, winner, seed)
                        .hypothesisId(
                            found
                                .flatMap(TrialSpec::hypothesisId)
                                .or(() -> known.map(Hypothesis::hypothesisId)))
                        .source(
                            found
                                .flatMap(TrialSpec::source)
                                .or(() -> known.map(Hypothesis::source)))
                        .build()))
        .toList();
  }

  /** Returns the seeds that the plan names, since it knows which ones the study has used before. */
  private static List<Long> confirmationSeeds(CampaignState state, CampaignSpec spec) {
    int pairs = Split.trials(state, spec, Phase.CONFIRMATION);
    List<Long> planned =
        state.rules() < 4
            ? List.of()
            : state.plan().stream()
                .flatMap(plan -> plan.phases().stream())
                .filter(phase -> phase.phase() == Phase.CONFIRMATION)
                .flatMap(phase -> phase.seeds().stream())
                .toList();
    return planned.size() == pairs
        ? planned
        : LongStream.range(Thresholds.FIRST_FRESH_SEED, Thresholds.FIRST_FRESH_SEED + pairs)
            .boxed()
            .toList();
  }

  private static TrialSpecBuilder fixed(Phase phase, Arm arm, long seed) {
    return TrialSpec.of(phase, arm, seed).useTestSplit(phase == Phase.CONFIRMATION);
  }

  private static List<Due> untried(CampaignState state, List<TrialSpec> trials) {
    Set<String> asked =
        state.attempts().values().stream()
            .map(attempt -> attempt.trial().trialId())
            .collect(Collectors.toSet());
    return trials.stream()
        .filter(trial -> !asked.contains(trial.trialId()))
        .map(trial -> new Due(trial, 1, trial.phase().id() + " with seed " + trial.seed()))
        .toList();
  }
}
