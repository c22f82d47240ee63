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
      strikes = event instanceof CampaignEvent.Struck ? strikes + 1 : strikesAfter(event);
      require(
          spec.isPresent() || event instanceof CampaignEvent.Created,
          "begins without its creation");
      if (event instanceof CampaignEvent.Created created) {
        require(spec.isEmpty(), "is created twice");
        spec = Optional.of(created.spec());
        touch("create", created.by(), "file", "");
      } else if (event instanceof CampaignEvent.Planned planned) {
        require(
            status == Status.CREATED || status == Status.WAITING_FOR_APPROVAL,
            "is planned after its approval");
        require(planned.plan().hash().equals(planned.planHash()), "has a plan of another hash");
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
        require(answered.add(acked.messageId()), "answers " + acked.messageId() + " twice");
      } else if (event instanceof CampaignEvent.OutboxAcked acked) {
        published.addAll(acked.keys());
      } else if (event instanceof CampaignEvent.Quarantined) {
        require(status != Status.QUARANTINED, "is quarantined twice");
        status = Status.QUARANTINED;
      } else if (event instanceof CampaignEvent.Finished finished) {
        require(status == Status.RUNNING, "finishes while it is " + status.id());
        require(openAttempts().isEmpty(), "finishes while runs are open");
        status = Status.FINISHED;
        verdict = Optional.of(finished.verdict());
      } else {
        applyToTrial(event);
      }
    }

    /**
     * What a decision wrote ends the row of strikes; what only reports the shell's doing does not.
     */
    private int strikesAfter(CampaignEvent event) {
      boolean ofShell =
          event instanceof CampaignEvent.Launched
              || event instanceof CampaignEvent.OutboxAcked
              || event instanceof CampaignEvent.Quarantined;
      return ofShell || status == Status.QUARANTINED ? strikes : 0;
    }

    private void applyToTrial(CampaignEvent event) {
      if (event instanceof CampaignEvent.Intent intent) {
        TrialKey key = new TrialKey(campaignId, intent.trial().trialId(), intent.attempt());
        requireLaunchable(intent, key);
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
      } else if (event instanceof CampaignEvent.Launched launched) {
        Attempt old = open(launched.trialId(), launched.attempt());
        put(old, Optional.of(launched.externalId()), Optional.empty(), false);
      } else if (event instanceof CampaignEvent.Settled settled) {
        put(
            open(settled.trialId(), settled.attempt()),
            Optional.empty(),
            Optional.of(settled.outcome()),
            false);
      } else if (event instanceof CampaignEvent.Released released) {
        put(open(released.trialId(), released.attempt()), Optional.empty(), Optional.empty(), true);
      } else if (event instanceof CampaignEvent.Diagnosed diagnosed) {
        diagnoses.add(diagnosed);
      } else if (!(event instanceof CampaignEvent.Struck)) {
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

    private void requireLaunchable(CampaignEvent.Intent intent, TrialKey key) {
      require(status == Status.RUNNING, "intends to train while it is " + status.id());
      require(!attempts.containsKey(key), "intends " + key.runId() + " twice");
      require(
          openAttempts().stream().noneMatch(a -> a.trial().trialId().equals(key.trialId())),
          "intends " + key.runId() + " while another attempt is open");
      long bound =
          attempts.values().stream()
              .mapToLong(a -> a.settledMicros() + a.openReservationMicros())
              .sum();
      require(
          bound + intent.reservedMicros() <= approval.orElseThrow().capMicros(),
          "reserves beyond its approved cap for " + key.runId());
    }

    private List<Attempt> openAttempts() {
      return attempts.values().stream().filter(Attempt::isOpen).toList();
    }

    private void command(CampaignEvent.Commanded commanded) {
      switch (commanded.kind()) {
        case "pause" -> move(Status.RUNNING, Status.PAUSED);
        case "resume" -> move(Status.PAUSED, Status.RUNNING);
        case "halt" -> {
          require(!isOver(), "is halted while it is " + status.id());
          status = Status.HALTED;
        }
        case "budget" -> {
          require(approval.isPresent() && !isOver(), "gets a budget while it is " + status.id());
          approval =
              approval.map(
                  old -> new Approval(old.planHash(), commanded.capMicros(), commanded.by()));
        }
        default -> throw new IllegalStateException("No rule for command " + commanded.kind());
      }
      touch(commanded.kind(), commanded.by(), commanded.channel(), commanded.detail());
    }

    private void move(Status from, Status to) {
      require(status == from, "becomes " + to.id() + " while it is " + status.id());
      status = to;
    }

    private boolean isOver() {
      return status == Status.FINISHED || status == Status.HALTED || status == Status.QUARANTINED;
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
