package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Approval;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.CampaignState.Touch;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Folds events into the state of a campaign. Total over legal logs; an illegal transition is
 * refused. One folding may take any number of events, at a cost that does not grow with the state.
 */
public final class CampaignFold {
  private final String campaignId;
  private long lastSeq;
  private Optional<CampaignSpec> spec;
  private int rules;
  private Status status;
  private Optional<Plan> plan;
  private Optional<Approval> approval;
  private Optional<Phase> phase;
  private final Map<TrialKey, Attempt> attempts;
  private final List<CampaignEvent.Diagnosed> diagnoses;
  private final List<Touch> touches;
  private String hindrance;
  private int strikes;
  private final Set<String> answered;
  private final Set<String> published;
  private Optional<Verdict> verdict;

  /** What is settled and reserved, and the trials that have an open attempt. */
  private long boundMicros;

  private final Set<String> openTrials = new HashSet<>();

  /** A folding that begins with this state. */
  public CampaignFold(CampaignState state) {
    this.campaignId = state.campaignId();
    this.lastSeq = state.lastSeq();
    this.spec = state.spec();
    this.rules = state.rules();
    this.status = state.status();
    this.plan = state.plan();
    this.approval = state.approval();
    this.phase = state.phase();
    this.attempts = new LinkedHashMap<>(state.attempts());
    this.diagnoses = new ArrayList<>(state.diagnoses());
    this.touches = new ArrayList<>(state.touches());
    this.hindrance = state.hindrance();
    this.strikes = state.strikes();
    this.answered = new LinkedHashSet<>(state.answeredMessages());
    this.published = new LinkedHashSet<>(state.publishedKeys());
    this.verdict = state.verdict();
    this.boundMicros = state.settledMicros() + state.reservedMicros();
    state.open().forEach(attempt -> openTrials.add(attempt.key().trialId()));
  }

  /** The state after a logged event. */
  public static CampaignState apply(CampaignState state, LoggedEvent logged) {
    return apply(state, logged.seq(), logged.at(), logged.event());
  }

  /** The state after one event; see {@link #add}. */
  public static CampaignState apply(
      CampaignState state, long seq, Instant at, CampaignEvent event) {
    CampaignFold fold = new CampaignFold(state);
    fold.add(seq, at, event);
    return fold.state();
  }

  /** Number of the last event taken. */
  public long lastSeq() {
    return lastSeq;
  }

  /** The state after all events so far. */
  public CampaignState state() {
    return new CampaignState(
        campaignId,
        lastSeq,
        spec,
        rules,
        status,
        plan,
        approval,
        phase,
        attempts,
        diagnoses,
        touches,
        hindrance,
        strikes,
        answered,
        published,
        verdict);
  }

  /**
   * Takes one more event.
   *
   * @throws IllegalStateException if the event is out of sequence or cannot follow this state; the
   *     folding is of no use then
   */
  public void add(long seq, Instant at, CampaignEvent event) {
    if (seq != lastSeq + 1) {
      throw new IllegalStateException(
          "Event " + seq + " of campaign " + campaignId + " does not follow event " + lastSeq);
    }
    lastSeq = seq;
    apply(event, at);
  }

  private void apply(CampaignEvent event, Instant at) {
    strikes = event instanceof CampaignEvent.Struck ? strikes + 1 : strikesAfter(event);
    require(
        spec.isPresent() || event instanceof CampaignEvent.Created, "begins without its creation");
    if (event instanceof CampaignEvent.Created created) {
      require(spec.isEmpty(), "is created twice");
      spec = Optional.of(created.spec());
      rules = created.rules();
      touch("create", created.by(), "file", "", at);
    } else if (event instanceof CampaignEvent.Planned planned) {
      require(
          status == Status.CREATED || status == Status.WAITING_FOR_APPROVAL,
          "is planned after its approval");
      require(planned.plan().hash().equals(planned.planHash()), "has a plan of another hash");
      plan = Optional.of(planned.plan());
      status = Status.WAITING_FOR_APPROVAL;
    } else if (event instanceof CampaignEvent.Approved approved) {
      approve(approved, at);
    } else if (event instanceof CampaignEvent.PhaseStarted started) {
      require(status == Status.RUNNING, "starts a phase while it is " + status.id());
      require(
          phase.map(before -> before.compareTo(started.phase()) < 0).orElse(true),
          "goes back to phase " + started.phase().id());
      phase = Optional.of(started.phase());
    } else if (event instanceof CampaignEvent.Commanded commanded) {
      command(commanded, at);
    } else if (event instanceof CampaignEvent.InboxAcked acked) {
      require(answered.add(acked.messageId()), "answers " + acked.messageId() + " twice");
    } else if (event instanceof CampaignEvent.OutboxAcked acked) {
      published.addAll(acked.keys());
    } else if (event instanceof CampaignEvent.Hindered hindered) {
      hindrance = hindered.reason();
    } else if (event instanceof CampaignEvent.Quarantined) {
      require(status != Status.QUARANTINED, "is quarantined twice");
      status = Status.QUARANTINED;
    } else if (event instanceof CampaignEvent.Finished finished) {
      require(status == Status.RUNNING, "finishes while it is " + status.id());
      require(openTrials.isEmpty(), "finishes while runs are open");
      status = Status.FINISHED;
      verdict = Optional.of(finished.verdict());
    } else {
      applyToTrial(event, at);
    }
  }

  /**
   * What a decision wrote ends the row of strikes; what only reports the shell's doing does not.
   */
  private int strikesAfter(CampaignEvent event) {
    boolean ofShell =
        event instanceof CampaignEvent.Launched
            || event instanceof CampaignEvent.OutboxAcked
            || event instanceof CampaignEvent.Hindered
            || event instanceof CampaignEvent.Quarantined;
    return ofShell || status == Status.QUARANTINED ? strikes : 0;
  }

  private void applyToTrial(CampaignEvent event, Instant at) {
    if (event instanceof CampaignEvent.Intent intent) {
      intend(intent, at);
    } else if (event instanceof CampaignEvent.Launched launched) {
      replace(open(launched.trialId(), launched.attempt()).launched(launched.externalId()));
    } else if (event instanceof CampaignEvent.Abandoned abandoned) {
      replace(open(abandoned.trialId(), abandoned.attempt()).givenUp());
    } else if (event instanceof CampaignEvent.Settled settled) {
      replace(open(settled.trialId(), settled.attempt()).settled(settled.outcome(), at));
    } else if (event instanceof CampaignEvent.Released released) {
      replace(open(released.trialId(), released.attempt()).released(at));
    } else if (event instanceof CampaignEvent.Diagnosed diagnosed) {
      diagnoses.add(diagnosed);
    } else if (!(event instanceof CampaignEvent.Struck)) {
      throw new IllegalStateException("No rule for event " + event.getClass().getSimpleName());
    }
  }

  private void approve(CampaignEvent.Approved approved, Instant at) {
    require(status == Status.WAITING_FOR_APPROVAL, "is approved while it is " + status.id());
    require(
        plan.map(p -> p.hash().equals(approved.planHash())).orElse(false),
        "is approved for another plan");
    approval = Optional.of(new Approval(approved.planHash(), approved.capMicros(), approved.by()));
    status = Status.RUNNING;
    touch("approve", approved.by(), approved.channel(), "plan " + approved.planHash(), at);
  }

  private void intend(CampaignEvent.Intent intent, Instant at) {
    TrialKey key = new TrialKey(campaignId, intent.trial().trialId(), intent.attempt());
    require(status == Status.RUNNING, "intends to train while it is " + status.id());
    require(!attempts.containsKey(key), "intends " + key.runId() + " twice");
    require(
        !openTrials.contains(key.trialId()),
        "intends " + key.runId() + " while another attempt is open");
    require(
        boundMicros + intent.reservedMicros() <= approval.orElseThrow().capMicros(),
        "reserves beyond its approved cap for " + key.runId());
    replace(
        Attempt.intended(
            key, intent.trial(), intent.reservedMicros(), intent.launchNotAfter(), at));
  }

  private void command(CampaignEvent.Commanded commanded, Instant at) {
    switch (commanded.kind()) {
      case InboxMessage.REJECT -> {
        require(
            status == Status.WAITING_FOR_APPROVAL,
            "has its plan rejected while it is " + status.id());
        plan = Optional.empty();
        status = Status.CREATED;
      }
      case "pause" -> {
        require(status == Status.RUNNING, "is paused while it is " + status.id());
        status = Status.PAUSED;
      }
      case "resume" -> {
        require(
            status == Status.PAUSED || status == Status.QUARANTINED,
            "is resumed while it is " + status.id());
        status =
            approval.isPresent()
                ? Status.RUNNING
                : plan.isPresent() ? Status.WAITING_FOR_APPROVAL : Status.CREATED;
        strikes = 0;
      }
      case "halt" -> {
        require(
            status != Status.FINISHED && status != Status.HALTED,
            "is halted while it is " + status.id());
        status = Status.HALTED;
      }
      case "budget" -> {
        require(
            approval.isPresent() && status != Status.FINISHED && status != Status.HALTED,
            "gets a budget while it is " + status.id());
        require(
            commanded.capMicros() >= boundMicros, "gets a cap below what is spent and reserved");
        approval =
            approval.map(
                old -> new Approval(old.planHash(), commanded.capMicros(), commanded.by()));
      }
      default -> throw new IllegalStateException("No rule for command " + commanded.kind());
    }
    if (!commanded.by().equals(InboxMessage.NOBODY)) {
      touch(commanded.kind(), commanded.by(), commanded.channel(), commanded.detail(), at);
    }
  }

  private void touch(String kind, String by, String channel, String detail, Instant at) {
    touches.add(new Touch(lastSeq, kind, by, at, channel, detail));
  }

  private Attempt open(String trialId, int number) {
    TrialKey key = new TrialKey(campaignId, trialId, number);
    Attempt attempt = attempts.get(key);
    require(attempt != null && attempt.isOpen(), "hears of " + key.runId() + ", which is not open");
    return attempt;
  }

  private void replace(Attempt attempt) {
    Attempt old = attempts.put(attempt.key(), attempt);
    boundMicros += bound(attempt) - (old == null ? 0 : bound(old));
    if (attempt.isOpen()) {
      openTrials.add(attempt.key().trialId());
    } else {
      openTrials.remove(attempt.key().trialId());
    }
  }

  private static long bound(Attempt attempt) {
    return attempt.settledMicros() + attempt.openReservationMicros();
  }

  private void require(boolean legal, String otherwise) {
    if (!legal) {
      throw new IllegalStateException(
          "Campaign " + campaignId + " " + otherwise + " (event " + lastSeq + ")");
    }
  }
}
