package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.runbook.Remedy;
import dev.dormouse.runbook.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides what a campaign does next. Pure: the same state, observations, messages and instant give
 * the same decision.
 *
 * <p>Order: messages of people, then the open runs, then new runs. What is unknown is left alone.
 */
public final class Decider {
  /**
   * The version of the rules that new campaigns are decided by. Increment when decision behaviour
   * changes; campaigns of older versions keep their rules to their end, and histories of every
   * version replay to the same decisions.
   */
  public static final int RULES = 4;

  /** The first version of the rules that uses what a plan rests on, see {@link Plan.Basis}. */
  static final int PLAN_BASIS = 4;

  /** Decides; the shell takes it as a parameter so that it can be tested with faulty ones. */
  public interface Rule {
    /** See {@link Decider#decide}. */
    Decision decide(
        CampaignState state,
        Function<Plan, Optional<ArmForecasts>> forecasts,
        List<Observation> observations,
        List<InboxMessage> inbox,
        Instant now);
  }

  /** Name of the rule that settles a run which the backend no longer knows. */
  public static final String VANISHED = "vanished";

  /** Reason to release the reservation of a run that aborted itself. */
  public static final String CAME_TOO_LATE = "its launch came too late and aborted itself";

  /** How long after its intent a run may still begin. */
  static final Duration LAUNCH_WINDOW = Duration.ofMinutes(30);

  /** Largest difference between the clocks of two machines that is allowed for. */
  private static final Duration CLOCK_GRACE = Duration.ofMinutes(5);

  private Decider() {}

  /** Decides for a campaign whose plan has no forecasts of its own. */
  public static Decision decide(
      CampaignState state, List<Observation> observations, List<InboxMessage> inbox, Instant now) {
    return decide(state, plan -> Optional.empty(), observations, inbox, now);
  }

  /**
   * Decides.
   *
   * @param forecasts returns the forecasts that travel with a plan, always the same ones; empty if
   *     it has none. Called only to choose an arm, so that a campaign whose forecasts are lost can
   *     still be paused and halted
   * @param observations one for each observed open attempt
   * @param inbox messages to this campaign, in order of sending; answered ones are ignored
   */
  public static Decision decide(
      CampaignState state,
      Function<Plan, Optional<ArmForecasts>> forecasts,
      List<Observation> observations,
      List<InboxMessage> inbox,
      Instant now) {
    Draft draft = new Draft(state, forecasts, now);
    inbox.forEach(message -> InboxRules.answer(draft, message));
    observations.forEach(observation -> observe(draft, observation));
    if (draft.state().status() == Status.RUNNING) {
      PhasePolicy.advance(draft);
    }
    return draft.decision();
  }

  private static void observe(Draft draft, Observation observation) {
    Attempt attempt = draft.state().attempts().get(observation.key());
    if (attempt != null && attempt.isOpen()) {
      observation.accept(new Observed(draft, attempt));
    }
  }

  /** Draws the conclusions from an observation of an open attempt. */
  private record Observed(Draft draft, Attempt attempt) implements Observation.Visitor {
    @Override
    public void notFound(Observation.NotFound observation) {
      miss(draft, attempt, observation.asOf());
    }

    @Override
    public void queued(Observation.Queued observation) {
      note(draft, attempt, observation.externalId(), List.of());
    }

    @Override
    public void running(Observation.Running observation) {
      note(draft, attempt, observation.externalId(), observation.curve());
    }

    @Override
    public void ended(Observation.Ended observation) {
      settle(draft, attempt, observation.outcome());
    }

    @Override
    public void abortedLate(Observation.AbortedLate observation) {
      release(draft, attempt, CAME_TOO_LATE);
    }

    @Override
    public void unknown(Observation.Unknown observation) {
      // What is unknown is left alone.
    }
  }

  private static void miss(Draft draft, Attempt attempt, Instant asOf) {
    Instant lastStart = attempt.launchNotAfter().plus(CLOCK_GRACE);
    if (attempt.externalId().isPresent()) {
      // It was there once, and may train unseen until its time limit.
      Duration longest = draft.spec().training().timeout().plus(CampaignSpec.Training.KILL_GRACE);
      if (asOf.isAfter(lastStart.plus(longest))) {
        settle(draft, attempt, vanished(attempt, asOf));
      }
    } else if (asOf.isAfter(lastStart)) {
      release(draft, attempt, "it was never launched in time");
    } else if (draft.state().status() == Status.RUNNING) {
      draft.command(new Command.Launch(attempt.key(), attempt.trial(), attempt.launchNotAfter()));
    }
  }

  /** Its end is unknown, so it is charged in full. */
  private static RunOutcome vanished(Attempt attempt, Instant asOf) {
    return new RunOutcome(
        RunStatus.INFRA,
        new TreeMap<>(),
        List.of(),
        attempt.intentAt(),
        asOf,
        attempt.reservedMicros(),
        VANISHED,
        "The backend knew the run once and does not know it any more.");
  }

  private static void note(
      Draft draft, Attempt attempt, String externalId, List<MetricPoint> curve) {
    if (attempt.externalId().isEmpty()) {
      draft.record(
          new CampaignEvent.Launched(
              attempt.trial().trialId(), attempt.key().attempt(), externalId),
          attempt.key().runId() + " runs");
    }
    if (draft.state().status() == Status.RUNNING && !attempt.abandoned()) {
      AbandonRule.reason(draft.state(), draft.spec(), attempt, curve)
          .ifPresent(
              reason ->
                  draft.record(
                      new CampaignEvent.Abandoned(
                          attempt.trial().trialId(), attempt.key().attempt(), curve, reason),
                      attempt.key().runId() + " is abandoned: " + reason));
    }
    // Asked for at every tick until it has ended: a tick may die before it stops the run.
    if (draft.state().status() == Status.HALTED) {
      draft.command(new Command.Stop(attempt.key(), "the campaign was halted"));
    } else if (draft.state().attempts().get(attempt.key()).abandoned()) {
      draft.command(new Command.Stop(attempt.key(), "it promises nothing"));
    }
  }

  private static void release(Draft draft, Attempt attempt, String reason) {
    draft.record(
        new CampaignEvent.Released(attempt.trial().trialId(), attempt.key().attempt(), reason),
        attempt.key().runId() + ": " + reason);
  }

  private static void settle(Draft draft, Attempt attempt, RunOutcome reported) {
    RunOutcome outcome = withinReservation(reported, attempt);
    draft.record(
        new CampaignEvent.Settled(attempt.trial().trialId(), attempt.key().attempt(), outcome),
        attempt.key().runId() + " ended " + outcome.status().id());
    if (!isFailure(outcome.status())) {
      return;
    }
    Remedy remedy =
        draft.state().isOver()
            ? new Remedy.GiveUp("The campaign is over.")
            : remedy(draft.state(), draft.spec(), attempt, outcome.status());
    draft.record(
        CampaignEvent.Diagnosed.of(attempt.key(), outcome, remedy),
        attempt.key().runId() + ": " + remedy.detail());
  }

  /**
   * Limits the cost to the reservation: a run is killed at its time limit, so a higher cost is only
   * the error of a coarse clock.
   */
  private static RunOutcome withinReservation(RunOutcome outcome, Attempt attempt) {
    return RunOutcomeBuilder.builder(outcome)
        .costMicros(Math.min(outcome.costMicros(), attempt.reservedMicros()))
        .build();
  }

  /**
   * Returns the runbook's remedy. Arms of baseline and confirmation are never amended, nor is an
   * amended arm amended again.
   */
  static Remedy remedy(CampaignState state, CampaignSpec spec, Attempt attempt, RunStatus status) {
    TrialSpec trial = attempt.trial();
    Remedy remedy = Runbook.remedy(status, trial.arm(), runs(state, trial), spec.searchSpace());
    if (remedy.action() != Remedy.Action.AMEND) {
      return remedy;
    }
    if (!trial.phase().isSearch()) {
      return new Remedy.GiveUp("The arm is fixed in this phase.");
    }
    return trial.amends().isPresent() ? new Remedy.GiveUp("It was mended once already.") : remedy;
  }

  /** Returns how often a trial has run; attempts that were never launched do not count. */
  private static int runs(CampaignState state, TrialSpec trial) {
    return (int)
        state.attempts().values().stream()
            .filter(a -> a.trial().trialId().equals(trial.trialId()) && a.outcome().isPresent())
            .count();
  }

  static boolean isFailure(RunStatus status) {
    return status != RunStatus.OK && status != RunStatus.ABANDONED;
  }

  /** A decision in progress: each event changes the state that the next step sees. */
  static final class Draft {
    private CampaignState state;
    private final Function<Plan, Optional<ArmForecasts>> forecasts;
    private final Instant now;
    private final List<CampaignEvent> events = new ArrayList<>();
    private final List<Command> commands = new ArrayList<>();
    private final List<String> explanation = new ArrayList<>();

    Draft(CampaignState state, Function<Plan, Optional<ArmForecasts>> forecasts, Instant now) {
      this.state = state;
      this.forecasts = forecasts;
      this.now = now;
    }

    CampaignState state() {
      return state;
    }

    /** Returns the forecasts that travel with the campaign's plan; older rules use none. */
    Optional<ArmForecasts> forecasts() {
      return state.rules() < PLAN_BASIS ? Optional.empty() : state.plan().flatMap(forecasts);
    }

    CampaignSpec spec() {
      return state
          .spec()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "Campaign " + state.campaignId() + " was never created"));
    }

    Instant now() {
      return now;
    }

    void record(CampaignEvent event, String why) {
      state = CampaignFold.apply(state, state.lastSeq() + 1, now, event);
      events.add(event);
      explanation.add(why);
    }

    void command(Command command) {
      commands.add(command);
    }

    Decision decision() {
      // A run that ended or was released in this very decision needs no launch.
      Set<TrialKey> open = state.open().stream().map(Attempt::key).collect(Collectors.toSet());
      List<Command> sensible =
          commands.stream()
              .filter(c -> c.map(launch -> open.contains(launch.key()), stop -> true))
              .toList();
      return new Decision(events, sensible, explanation);
    }
  }
}
