package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Approval;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.CampaignState.Touch;
import dev.dormouse.model.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Folds events into the state of a campaign. Accepts every legal log and refuses illegal
 * transitions. One fold may take any number of events, at a cost that does not grow with the state.
 */
public final class CampaignFold {
  /** The next state; its collections are the mutable ones below. */
  private final CampaignStateBuilder next;

  private final Map<Phase, Integer> split;
  private final Map<TrialKey, Attempt> attempts;
  private final List<CampaignEvent.Diagnosed> diagnoses;
  private final List<Touch> touches;
  private final Set<String> answered;
  private final Set<String> published;

  /** Settled costs and open reservations together. */
  private long boundMicros;

  private final Set<String> openTrials = new HashSet<>();

  /** A fold that begins with this state. */
  public CampaignFold(CampaignState state) {
    this.split = new EnumMap<>(Phase.class);
    split.putAll(state.split());
    this.attempts = new LinkedHashMap<>(state.attempts());
    this.diagnoses = new ArrayList<>(state.diagnoses());
    this.touches = new ArrayList<>(state.touches());
    this.answered = new LinkedHashSet<>(state.answeredMessages());
    this.published = new LinkedHashSet<>(state.publishedKeys());
    this.next =
        CampaignStateBuilder.builder(state)
            .split(split)
            .attempts(attempts)
            .diagnoses(diagnoses)
            .touches(touches)
            .answeredMessages(answered)
            .publishedKeys(published);
    this.boundMicros = state.settledMicros() + state.reservedMicros();
    state.open().forEach(attempt -> openTrials.add(attempt.key().trialId()));
  }

  /** Returns the state after one event; see {@link #add}. */
  public static CampaignState apply(
      CampaignState state, long seq, Instant at, CampaignEvent event) {
    CampaignFold fold = new CampaignFold(state);
    fold.add(seq, at, event);
    return fold.state();
  }

  /** Returns the number of the last event added. */
  public long lastSeq() {
    return next.lastSeq();
  }

  /** Returns the state after all events so far. */
  public CampaignState state() {
    return next.build();
  }

  /**
   * Adds one more event.
   *
   * @throws IllegalStateException if the event is out of sequence or cannot follow this state; the
   *     fold must not be used any more then
   */
  public void add(long seq, Instant at, CampaignEvent event) {
    if (seq != lastSeq() + 1) {
      throw new IllegalStateException(
          "Event "
              + seq
              + " of campaign "
              + next.campaignId()
              + " does not follow event "
              + lastSeq());
    }
    next.lastSeq(seq);
    next.strikes(strikesAfter(event.type()));
    require(
        next.spec().isPresent() || event.type() == CampaignEvent.Type.CREATED,
        "begins without its creation");
    next.status(statusAfter(event, at));
  }

  /** A committed decision ends a row of strikes; events that only report on the shell do not. */
  private int strikesAfter(CampaignEvent.Type type) {
    return switch (type) {
      case STRUCK -> next.strikes() + 1;
      case LAUNCHED, OUTBOX_ACKED, HINDERED, QUARANTINED -> next.strikes();
      case CREATED,
          PLANNED,
          APPROVED,
          PHASE_STARTED,
          SPLIT_CHANGED,
          INTENT,
          SETTLED,
          ABANDONED,
          RELEASED,
          DIAGNOSED,
          COMMANDED,
          INBOX_ACKED,
          FINISHED ->
          status() == Status.QUARANTINED ? next.strikes() : 0;
    };
  }

  /** Applies an event and returns the status after it. */
  private Status statusAfter(CampaignEvent event, Instant at) {
    return switch (event.type()) {
      case CREATED -> create((CampaignEvent.Created) event, at);
      case PLANNED -> plan((CampaignEvent.Planned) event);
      case APPROVED -> approve((CampaignEvent.Approved) event, at);
      case PHASE_STARTED -> startPhase((CampaignEvent.PhaseStarted) event);
      case SPLIT_CHANGED -> split((CampaignEvent.SplitChanged) event);
      case INTENT -> intend((CampaignEvent.Intent) event, at);
      case LAUNCHED -> {
        CampaignEvent.Launched launched = (CampaignEvent.Launched) event;
        yield replace(open(launched.trialId(), launched.attempt()).launched(launched.externalId()));
      }
      case SETTLED -> {
        CampaignEvent.Settled settled = (CampaignEvent.Settled) event;
        yield replace(open(settled.trialId(), settled.attempt()).settled(settled.outcome(), at));
      }
      case ABANDONED -> {
        CampaignEvent.Abandoned abandoned = (CampaignEvent.Abandoned) event;
        yield replace(open(abandoned.trialId(), abandoned.attempt()).stopping());
      }
      case RELEASED -> {
        CampaignEvent.Released released = (CampaignEvent.Released) event;
        yield replace(open(released.trialId(), released.attempt()).released(at));
      }
      case DIAGNOSED -> {
        diagnoses.add((CampaignEvent.Diagnosed) event);
        yield status();
      }
      case COMMANDED -> command((CampaignEvent.Commanded) event, at);
      case INBOX_ACKED -> answer((CampaignEvent.InboxAcked) event);
      case OUTBOX_ACKED -> {
        published.addAll(((CampaignEvent.OutboxAcked) event).keys());
        yield status();
      }
      case HINDERED -> {
        next.hindrance(((CampaignEvent.Hindered) event).reason());
        yield status();
      }
      case STRUCK -> status();
      case QUARANTINED -> {
        require(status() != Status.QUARANTINED, "is quarantined twice");
        yield Status.QUARANTINED;
      }
      case FINISHED -> finish((CampaignEvent.Finished) event);
    };
  }

  private Status status() {
    return next.status();
  }

  private Status create(CampaignEvent.Created created, Instant at) {
    require(next.spec().isEmpty(), "is created twice");
    next.spec(Optional.of(created.spec()));
    next.rules(created.rules());
    touch("create", created.by(), "file", "", at);
    return status();
  }

  private Status plan(CampaignEvent.Planned planned) {
    require(
        status() == Status.CREATED || status() == Status.WAITING_FOR_APPROVAL,
        "is planned after its approval");
    require(planned.plan().hasHash(planned.planHash()), "has a plan of another hash");
    next.plan(Optional.of(planned.plan()));
    next.planHash(Optional.of(planned.planHash()));
    next.planReason(planned.reason());
    return Status.WAITING_FOR_APPROVAL;
  }

  private Status approve(CampaignEvent.Approved approved, Instant at) {
    require(status() == Status.WAITING_FOR_APPROVAL, "is approved while it is " + status().id());
    require(
        next.planHash().equals(Optional.of(approved.planHash())), "is approved for another plan");
    next.approval(
        Optional.of(new Approval(approved.planHash(), approved.capMicros(), approved.by())));
    touch("approve", approved.by(), approved.channel(), "plan " + approved.planHash(), at);
    return Status.RUNNING;
  }

  private Status startPhase(CampaignEvent.PhaseStarted started) {
    require(status() == Status.RUNNING, "starts a phase while it is " + status().id());
    require(
        next.phase().map(before -> before.compareTo(started.phase()) < 0).orElse(true),
        "goes back to phase " + started.phase().id());
    next.phase(Optional.of(started.phase()));
    return status();
  }

  private Status split(CampaignEvent.SplitChanged changed) {
    require(status() == Status.RUNNING, "changes its split while it is " + status().id());
    require(changed.phase().isSearch(), "changes the trials of phase " + changed.phase().id());
    split.put(changed.phase(), changed.trials());
    return status();
  }

  private Status intend(CampaignEvent.Intent intent, Instant at) {
    TrialKey key = new TrialKey(next.campaignId(), intent.trial().trialId(), intent.attempt());
    require(status() == Status.RUNNING, "intends to train while it is " + status().id());
    require(!attempts.containsKey(key), "intends " + key.runId() + " twice");
    require(
        !openTrials.contains(key.trialId()),
        "intends " + key.runId() + " while another attempt is open");
    require(
        boundMicros + intent.reservedMicros() <= next.approval().orElseThrow().capMicros(),
        "reserves beyond its approved cap for " + key.runId());
    return replace(
        Attempt.intended(
            key, intent.trial(), intent.reservedMicros(), intent.launchNotAfter(), at));
  }

  private Status answer(CampaignEvent.InboxAcked acked) {
    require(answered.add(acked.messageId()), "answers " + acked.messageId() + " twice");
    return status();
  }

  private Status finish(CampaignEvent.Finished finished) {
    require(status() == Status.RUNNING, "finishes while it is " + status().id());
    require(openTrials.isEmpty(), "finishes while runs are open");
    next.verdict(Optional.of(finished.verdict()));
    return Status.FINISHED;
  }

  private Status command(CampaignEvent.Commanded commanded, Instant at) {
    Status after =
        switch (commanded.instruction()) {
          case REJECT -> reject();
          case PAUSE -> {
            require(status() == Status.RUNNING, "is paused while it is " + status().id());
            yield Status.PAUSED;
          }
          case RESUME -> resume();
          case HALT -> {
            require(
                status() != Status.FINISHED && status() != Status.HALTED,
                "is halted while it is " + status().id());
            yield Status.HALTED;
          }
          case BUDGET -> setBudget(commanded);
        };
    if (!commanded.by().equals(InboxMessage.NOBODY)) {
      touch(commanded.kind(), commanded.by(), commanded.channel(), commanded.detail(), at);
    }
    return after;
  }

  private Status reject() {
    require(
        status() == Status.WAITING_FOR_APPROVAL,
        "has its plan rejected while it is " + status().id());
    next.plan(Optional.empty());
    next.planHash(Optional.empty());
    next.planReason("");
    return Status.CREATED;
  }

  private Status resume() {
    require(
        status() == Status.PAUSED || status() == Status.QUARANTINED,
        "is resumed while it is " + status().id());
    next.strikes(0);
    if (next.approval().isPresent()) {
      return Status.RUNNING;
    }
    return next.plan().isPresent() ? Status.WAITING_FOR_APPROVAL : Status.CREATED;
  }

  private Status setBudget(CampaignEvent.Commanded commanded) {
    require(
        next.approval().isPresent() && status() != Status.FINISHED && status() != Status.HALTED,
        "gets a budget while it is " + status().id());
    require(commanded.capMicros() >= boundMicros, "gets a cap below what is spent and reserved");
    next.approval(
        next.approval()
            .map(old -> new Approval(old.planHash(), commanded.capMicros(), commanded.by())));
    return status();
  }

  private void touch(String kind, String by, String channel, String detail, Instant at) {
    touches.add(new Touch(lastSeq(), kind, by, at, channel, detail));
  }

  private Attempt open(String trialId, int number) {
    TrialKey key = new TrialKey(next.campaignId(), trialId, number);
    Attempt attempt = attempts.get(key);
    require(
        attempt != null && attempt.isOpen(),
        "has an event of " + key.runId() + ", which is not open");
    return attempt;
  }

  private Status replace(Attempt attempt) {
    Attempt old = attempts.put(attempt.key(), attempt);
    boundMicros += bound(attempt) - (old == null ? 0 : bound(old));
    if (attempt.isOpen()) {
      openTrials.add(attempt.key().trialId());
    } else {
      openTrials.remove(attempt.key().trialId());
    }
    return status();
  }

  private static long bound(Attempt attempt) {
    return attempt.settledMicros() + attempt.openReservationMicros();
  }

  private void require(boolean legal, String otherwise) {
    if (!legal) {
      throw new IllegalStateException(
          "Campaign " + next.campaignId() + " " + otherwise + " (event " + lastSeq() + ")");
    }
  }
}
