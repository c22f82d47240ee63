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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Folds events into the state of a campaign. Total over legal logs; an illegal transition is
 * refused.
 */
public final class CampaignFold {
  private CampaignFold() {}

  /** The state after a logged event. */
  public static CampaignState apply(CampaignState state, LoggedEvent logged) {
    return apply(state, logged.seq(), logged.at(), logged.event());
  }

  /**
   * The state after an event.
   *
   * @throws IllegalStateException if the event is out of sequence or cannot follow this state
   */
  public static CampaignState apply(
      CampaignState state, long seq, Instant at, CampaignEvent event) {
    if (seq != state.lastSeq() + 1) {
      throw new IllegalStateException(
          "Event "
              + seq
              + " of campaign "
              + state.campaignId()
              + " does not follow event "
              + state.lastSeq());
    }
    Draft draft = new Draft(state, seq, at);
    draft.apply(event);
    return draft.finished();
  }

  /** A state being changed. */
  private static final class Draft {
    private final String campaignId;
    private final long seq;
    private final Instant at;
    private Optional<CampaignSpec> spec;
    private Status status;
    private Optional<Plan> plan;
    private Optional<Approval> approval;
    private Optional<Phase> phase;
    private final Map<TrialKey, Attempt> attempts;
    private final List<CampaignEvent.Diagnosed> diagnoses;
    private final List<Touch> touches;
    private int strikes;
    private final Set<String> answered;
    private final Set<String> published;
    private Optional<Verdict> verdict;

    Draft(CampaignState state, long seq, Instant at) {
      this.campaignId = state.campaignId();
      this.seq = seq;
      this.at = at;
      this.spec = state.spec();
      this.status = state.status();
      this.plan = state.plan();
      this.approval = state.approval();
      this.phase = state.phase();
      this.attempts = new LinkedHashMap<>(state.attempts());
      this.diagnoses = new ArrayList<>(state.diagnoses());
      this.touches = new ArrayList<>(state.touches());
      this.strikes = state.strikes();
      this.answered = new LinkedHashSet<>(state.answeredMessages());
      this.published = new LinkedHashSet<>(state.publishedKeys());
      this.verdict = state.verdict();
    }

    CampaignState finished() {
      return new CampaignState(
          campaignId,
          seq,
          spec,
          status,
          plan,
          approval,
          phase,
          attempts,
          diagnoses,
          touches,
          strikes,
          answered,
          published,
          verdict);
    }

    void apply(CampaignEvent event) {
      if (event instanceof CampaignEvent.Created created) {
        require(spec.isEmpty(), "is created twice");
        spec = Optional.of(created.spec());
        touch("create", created.by(), "file", "");
      } else if (event instanceof CampaignEvent.Planned planned) {
        require(
            status == Status.CREATED || status == Status.WAITING_FOR_APPROVAL,
            "is planned after its approval");
        plan = Optional.of(planned.plan());
        status = Status.WAITING_FOR_APPROVAL;
      } else if (event instanceof CampaignEvent.Approved approved) {
        approve(approved);
      } else if (event instanceof CampaignEvent.PhaseStarted started) {
        require(status == Status.RUNNING, "starts a phase while it is " + status.id());
        require(
            phase.map(before -> before.compareTo(started.phase()) < 0).orElse(true),
            "goes back to phase " + started.phase().id());
        phase = Optional.of(started.phase());
      } else if (event instanceof CampaignEvent.Commanded commanded) {
        command(commanded);
      } else if (event instanceof CampaignEvent.InboxAcked acked) {
        answered.add(acked.messageId());
      } else if (event instanceof CampaignEvent.OutboxAcked acked) {
        published.addAll(acked.keys());
      } else if (event instanceof CampaignEvent.Struck) {
        strikes++;
      } else if (event instanceof CampaignEvent.Quarantined) {
        status = Status.QUARANTINED;
      } else if (event instanceof CampaignEvent.Finished finished) {
        require(status == Status.RUNNING, "finishes while it is " + status.id());
        status = Status.FINISHED;
        verdict = Optional.of(finished.verdict());
      } else {
        applyToTrial(event);
      }
    }

    private void applyToTrial(CampaignEvent event) {
      if (event instanceof CampaignEvent.Intent intent) {
        require(status == Status.RUNNING, "intends to train while it is " + status.id());
        TrialKey key = new TrialKey(campaignId, intent.trial().trialId(), intent.attempt());
        require(!attempts.containsKey(key), "intends " + key.runId() + " twice");
        attempts.put(
            key,
            new Attempt(
                key,
                intent.trial(),
                intent.reservedMicros(),
                intent.launchNotAfter(),
                at,
                Optional.empty(),
                Optional.empty(),
                false));
        strikes = 0;
      } else if (event instanceof CampaignEvent.Launched launched) {
        Attempt old = open(launched.trialId(), launched.attempt());
        put(old, Optional.of(launched.externalId()), Optional.empty(), false);
      } else if (event instanceof CampaignEvent.Settled settled) {
        put(
            open(settled.trialId(), settled.attempt()),
            Optional.empty(),
            Optional.of(settled.outcome()),
            false);
        strikes = 0;
      } else if (event instanceof CampaignEvent.Released released) {
        put(open(released.trialId(), released.attempt()), Optional.empty(), Optional.empty(), true);
      } else if (event instanceof CampaignEvent.Diagnosed diagnosed) {
        diagnoses.add(diagnosed);
      } else {
        throw new IllegalStateException("No rule for event " + event.getClass().getSimpleName());
      }
    }

    private void approve(CampaignEvent.Approved approved) {
      require(status == Status.WAITING_FOR_APPROVAL, "is approved while it is " + status.id());
      require(
          plan.map(p -> p.hash().equals(approved.planHash())).orElse(false),
          "is approved for another plan");
      approval =
          Optional.of(new Approval(approved.planHash(), approved.capMicros(), approved.by()));
      status = Status.RUNNING;
      touch("approve", approved.by(), approved.channel(), "plan " + approved.planHash());
    }

    private void command(CampaignEvent.Commanded commanded) {
      switch (commanded.kind()) {
        case "pause" -> status = Status.PAUSED;
        case "resume" -> status = Status.RUNNING;
        case "halt" -> status = Status.HALTED;
        case "budget" ->
            approval =
                approval.map(
                    old -> new Approval(old.planHash(), commanded.capMicros(), commanded.by()));
        default -> throw new IllegalStateException("No rule for command " + commanded.kind());
      }
      touch(commanded.kind(), commanded.by(), commanded.channel(), commanded.detail());
    }

    private void touch(String kind, String by, String channel, String detail) {
      touches.add(new Touch(seq, kind, by, at, channel, detail));
    }

    private Attempt open(String trialId, int number) {
      TrialKey key = new TrialKey(campaignId, trialId, number);
      Attempt attempt = attempts.get(key);
      require(
          attempt != null && attempt.isOpen(), "hears of " + key.runId() + ", which is not open");
      return attempt;
    }

    private void put(
        Attempt old, Optional<String> externalId, Optional<RunOutcome> outcome, boolean released) {
      attempts.put(
          old.key(),
          new Attempt(
              old.key(),
              old.trial(),
              old.reservedMicros(),
              old.launchNotAfter(),
              old.intentAt(),
              externalId.or(old::externalId),
              outcome,
              released));
    }

    private void require(boolean legal, String otherwise) {
      if (!legal) {
        throw new IllegalStateException(
            "Campaign " + campaignId + " " + otherwise + " (event " + seq + ")");
      }
    }
  }
}
