package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.RunStatus;
import dev.dormouse.runbook.Remedy;
import dev.dormouse.runbook.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a campaign does next. Pure: the same state, observations, messages and instant give the same
 * decision.
 *
 * <p>Order: messages of people, then what became of open runs, then new runs. What is unknown is
 * left alone.
 */
public final class Decider {
  /**
   * The version of the rules that new campaigns are decided by. Whoever makes the rules decide
   * otherwise raises it, and lets campaigns of older versions end as they began: histories of every
   * version replay to the same decisions.
   */
  public static final int RULES = 3;

  /** What decides; the shell takes it as a parameter so that it can be tested with worse ones. */
  public interface Rule {
    /** See {@link Decider#decide}. */
    Decision decide(
        CampaignState state, List<Observation> observations, List<InboxMessage> inbox, Instant now);
  }

  /** The rule by which a run is settled that the backend does not know any more. */
  public static final String VANISHED = "vanished";

  /** Why the reservation of a run is released that aborted itself. */
  public static final String CAME_TOO_LATE = "its launch came too late and aborted itself";

  /** How long after its intent a run may still begin. */
  static final Duration LAUNCH_WINDOW = Duration.ofMinutes(30);

  /** Clocks of two machines may differ by this much before a late launch is ruled out. */
  private static final Duration CLOCK_GRACE = Duration.ofMinutes(5);

  private Decider() {}

  /**
   * Decides.
   *
   * @param observations one for each open attempt that was looked at
   * @param inbox messages to this campaign, in order of sending; answered ones are passed over
   */
  public static Decision decide(
      CampaignState state, List<Observation> observations, List<InboxMessage> inbox, Instant now) {
    Draft draft = new Draft(state, now);
    inbox.forEach(message -> answer(draft, message));
    observations.forEach(observation -> look(draft, observation));
    if (draft.state().status() == Status.RUNNING) {
      PhasePolicy.advance(draft);
    }
    return draft.decision();
  }

  private static void answer(Draft draft, InboxMessage message) {
    CampaignState state = draft.state();
    if (state.answeredMessages().contains(message.messageId()) || state.spec().isEmpty()) {
      return;
    }
    String refusal = refusal(state, message);
    if (refusal.isEmpty()) {
      accept(draft, message);
    }
    draft.record(
        new CampaignEvent.InboxAcked(
            message.messageId(), refusal.isEmpty(), refusal.isEmpty() ? "done" : refusal),
        message.kind()
            + " by "
            + message.by()
            + (refusal.isEmpty() ? ": done" : ": refused, " + refusal));
  }

  /** Why a message cannot be followed; empty if it can. */
  private static String refusal(CampaignState state, InboxMessage message) {
    Status status = state.status();
    return switch (message.kind()) {
      case InboxMessage.APPROVE, InboxMessage.REJECT -> approvalRefusal(state, message);
      case InboxMessage.APPROVE_SMALLER -> smallerApprovalRefusal(state, message);
      case InboxMessage.UNREADABLE -> message.comment();
      case "pause" ->
          status == Status.RUNNING ? "" : "the campaign is " + status.id() + ", not running";
      case "resume" ->
          status == Status.PAUSED || status == Status.QUARANTINED
              ? ""
              : "the campaign is " + status.id() + ", not paused";
      case "halt" ->
          status == Status.FINISHED || status == Status.HALTED
              ? "the campaign is " + status.id() + " already"
              : "";
      case "budget" ->
          state.approval().isEmpty()
              ? "the campaign has no approved budget yet"
              : state.isOver()
                  ? "the campaign is " + status.id() + " already"
                  : message.capMicros() < state.settledMicros() + state.reservedMicros()
                      ? "that is less than the "
                          + GpuHours.text(state.settledMicros() + state.reservedMicros())
                          + " that are spent and reserved already"
                      : "";
      default -> "there is no such command";
    };
  }

  private static String approvalRefusal(CampaignState state, InboxMessage message) {
    if (state.status() != Status.WAITING_FOR_APPROVAL) {
      return "the campaign is " + state.status().id() + ", not waiting for approval";
    }
    String current = state.plan().orElseThrow().hash();
    return current.equals(message.planHash())
        ? ""
        : "plan " + message.planHash() + " is not the newest; that is " + current;
  }

  private static String smallerApprovalRefusal(CampaignState state, InboxMessage message) {
    String refusal = approvalRefusal(state, message);
    if (!refusal.isEmpty()) {
      return refusal;
    }
    long asked = state.plan().orElseThrow().capMicros();
    return message.capMicros() > 0 && message.capMicros() < asked
        ? ""
        : "a smaller approval needs a cap above 0 and below the plan's " + GpuHours.text(asked);
  }

  private static void accept(Draft draft, InboxMessage message) {
    switch (message.kind()) {
      case InboxMessage.APPROVE, InboxMessage.APPROVE_SMALLER -> {
        long cap =
            message.capMicros() > 0
                ? message.capMicros()
                : draft.state().plan().orElseThrow().capMicros();
        draft.record(
            new CampaignEvent.Approved(message.planHash(), cap, message.by(), message.channel()),
            "plan " + message.planHash() + " is approved by " + message.by());
      }
      default -> {
        draft.record(
            new CampaignEvent.Commanded(
                message.kind(),
                message.by(),
                message.channel(),
                message.comment(),
                message.capMicros()),
            message.kind() + " by " + message.by());
      }
    }
  }

  private static void look(Draft draft, Observation observation) {
    Attempt attempt = draft.state().attempts().get(observation.key());
    if (attempt == null || !attempt.isOpen()) {
      return;
    }
    if (observation instanceof Observation.Ended ended) {
      settle(draft, attempt, ended.outcome());
    } else if (observation instanceof Observation.Running running) {
      note(draft, attempt, running);
    } else if (observation instanceof Observation.Queued queued) {
      note(draft, attempt, new Observation.Running(queued.key(), queued.externalId(), List.of()));
    } else if (observation instanceof Observation.AbortedLate) {
      release(draft, attempt, CAME_TOO_LATE);
    } else if (observation instanceof Observation.NotFound notFound) {
      miss(draft, attempt, notFound.asOf());
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

  /** What became of it nobody knows, so that it is charged in full. */
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

  private static void note(Draft draft, Attempt attempt, Observation.Running running) {
    if (attempt.externalId().isEmpty()) {
      draft.record(
          new CampaignEvent.Launched(
              attempt.trial().trialId(), attempt.key().attempt(), running.externalId()),
          attempt.key().runId() + " runs");
    }
    if (draft.state().status() == Status.RUNNING && !attempt.abandoned()) {
      AbandonRule.reason(draft.state(), draft.spec(), attempt, running.curve())
          .ifPresent(
              reason ->
                  draft.record(
                      new CampaignEvent.Abandoned(
                          attempt.trial().trialId(),
                          attempt.key().attempt(),
                          running.curve(),
                          reason),
                      attempt.key().runId() + " is abandoned: " + reason));
    }
    // Asked for at every look until it has ended: a tick may die before it stops the run.
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
            ? Remedy.giveUp("The campaign is over.")
            : remedy(draft.state(), draft.spec(), attempt, outcome.status());
    draft.record(
        new CampaignEvent.Diagnosed(
            attempt.trial().trialId(),
            attempt.key().attempt(),
            outcome.status().id(),
            outcome.rule(),
            remedy.action().id(),
            (outcome.detail() + " " + remedy.detail()).strip()),
        attempt.key().runId() + ": " + remedy.detail());
  }

  /**
   * A run is killed at its time limit, so it cannot cost more than was reserved: what a coarse
   * clock shows beyond that is not charged.
   */
  private static RunOutcome withinReservation(RunOutcome outcome, Attempt attempt) {
    return new RunOutcome(
        outcome.status(),
        outcome.metrics(),
        outcome.curve(),
        outcome.startedAt(),
        outcome.finishedAt(),
        Math.min(outcome.costMicros(), attempt.reservedMicros()),
        outcome.rule(),
        outcome.detail());
  }

  /**
   * The runbook's remedy. The arms of baseline and confirmation are fixed, and a mended arm is not
   * mended again.
   */
  static Remedy remedy(CampaignState state, CampaignSpec spec, Attempt attempt, RunStatus status) {
    TrialSpec trial = attempt.trial();
    Remedy remedy = Runbook.remedy(status, trial.arm(), runs(state, trial), spec.searchSpace());
    if (remedy.action() != Remedy.Action.AMEND) {
      return remedy;
    }
    if (!trial.phase().isSearch()) {
      return Remedy.giveUp("The arm is fixed in this phase.");
    }
    return trial.amends().isPresent() ? Remedy.giveUp("It was mended once already.") : remedy;
  }

  /** How often a trial has really run; launches that never came to be do not count. */
  private static int runs(CampaignState state, TrialSpec trial) {
    return (int)
        state.attempts().values().stream()
            .filter(a -> a.trial().trialId().equals(trial.trialId()) && a.outcome().isPresent())
            .count();
  }

  static boolean isFailure(RunStatus status) {
    return status != RunStatus.OK && status != RunStatus.ABANDONED;
  }

  /** A decision in the making: each event changes the state that the next step sees. */
  static final class Draft {
    private CampaignState state;
    private final Instant now;
    private final List<CampaignEvent> events = new ArrayList<>();
    private final List<Command> commands = new ArrayList<>();
    private final List<String> explanation = new ArrayList<>();

    Draft(CampaignState state, Instant now) {
      this.state = state;
      this.now = now;
    }

    CampaignState state() {
      return state;
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
              .filter(c -> !(c instanceof Command.Launch launch) || open.contains(launch.key()))
              .toList();
      return new Decision(events, sensible, explanation);
    }
  }
}
