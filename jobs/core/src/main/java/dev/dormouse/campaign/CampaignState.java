package dev.dormouse.campaign;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a campaign: the fold of its events, and nothing else.
 *
 * @param campaignId the campaign
 * @param lastSeq number of the last event folded in; 0 before the first
 * @param spec the campaign file
 * @param rules the version of the rules that decide for it, see {@link Decider#RULES}
 * @param status its status
 * @param plan the newest plan
 * @param planHash the recorded identity of the newest plan, of this version of {@link Plan#hash()}
 *     or an older one
 * @param planReason why the newest plan replaces the one before it; empty if a person asked for it
 * @param approval who approved it, with which cap
 * @param phase the phase that runs; empty before approval
 * @param split trials of the phases whose number changed after the approval
 * @param attempts every attempt of every trial, in order of intent
 * @param diagnoses every diagnosed failure, in order
 * @param touches every human action, in order
 * @param hindrance why runs cannot be launched or observed; empty if they can
 * @param strikes number of decisions that failed in a row
 * @param answeredMessages ids of the inbox messages that were answered
 * @param publishedKeys keys of the outbox items that were published
 * @param verdict how it ended
 */
@RecordBuilder
public record CampaignState(
    String campaignId,
    long lastSeq,
    Optional<CampaignSpec> spec,
    int rules,
    Status status,
    Optional<Plan> plan,
    Optional<String> planHash,
    String planReason,
    Optional<Approval> approval,
    Optional<Phase> phase,
    Map<Phase, Integer> split,
    Map<TrialKey, Attempt> attempts,
    List<CampaignEvent.Diagnosed> diagnoses,
    List<Touch> touches,
    String hindrance,
    int strikes,
    Set<String> answeredMessages,
    Set<String> publishedKeys,
    Optional<Verdict> verdict) {

  /** The status of a campaign. */
  public enum Status {
    CREATED,
    WAITING_FOR_APPROVAL,
    RUNNING,
    PAUSED,
    /** Ended by a person; open runs are still settled. */
    HALTED,
    QUARANTINED,
    FINISHED;

    /** The name as stored and shown, e.g. {@code waiting_for_approval}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public CampaignState {
    split = Map.copyOf(split);
    attempts = Collections.unmodifiableMap(new LinkedHashMap<>(attempts));
    diagnoses = List.copyOf(diagnoses);
    touches = List.copyOf(touches);
    answeredMessages = Collections.unmodifiableSet(new LinkedHashSet<>(answeredMessages));
    publishedKeys = Collections.unmodifiableSet(new LinkedHashSet<>(publishedKeys));
  }

  /** Returns the state before the first event. */
  public static CampaignState unknown(String campaignId) {
    return CampaignStateBuilder.builder()
        .campaignId(campaignId)
        .rules(Decider.RULES)
        .status(Status.CREATED)
        .split(Map.of())
        .attempts(Map.of())
        .diagnoses(List.of())
        .touches(List.of())
        .planReason("")
        .hindrance("")
        .answeredMessages(Set.of())
        .publishedKeys(Set.of())
        .build();
  }

  /** Returns the cost of all finished runs, in micro-GPU-hours. */
  public long settledMicros() {
    return attempts.values().stream().mapToLong(Attempt::settledMicros).sum();
  }

  /** Returns the reservations of all open attempts, in micro-GPU-hours. */
  public long reservedMicros() {
    return attempts.values().stream().mapToLong(Attempt::openReservationMicros).sum();
  }

  /** Returns attempts that are neither settled nor released, in order of intent. */
  public List<Attempt> open() {
    return attempts.values().stream().filter(Attempt::isOpen).toList();
  }

  /** Returns the attempts of a phase, in order of intent. */
  public List<Attempt> of(Phase ofPhase) {
    return attempts.values().stream().filter(a -> a.trial().phase() == ofPhase).toList();
  }

  /** Returns whether the campaign will never launch anything again. */
  public boolean isOver() {
    return status == Status.FINISHED || status == Status.HALTED || status == Status.QUARANTINED;
  }

  /**
   * An approval.
   *
   * @param planHash the approved plan
   * @param capMicros the cap, in micro-GPU-hours
   * @param by who approved
   */
  public record Approval(String planHash, long capMicros, String by) {}

  /**
   * One human action.
   *
   * @param seq the event that records it
   * @param kind create, approve, reject, pause, resume, halt or budget
   */
  public record Touch(
      long seq, String kind, String by, Instant at, String channel, String detail) {}

  /**
   * One attempt of a trial.
   *
   * @param key the attempt's identity
   * @param trial what is trained
   * @param reservedMicros the worst case reserved for it
   * @param launchNotAfter a launch after this instant aborts itself
   * @param intentAt when it was decided on
   * @param externalId the backend's id, once its launch is confirmed
   * @param abandoned whether it is stopped early, see {@link CampaignEvent.Abandoned}
   * @param outcome how it ended, once settled
   * @param released whether it was never launched and can no longer be
   * @param endedAt when it was settled or released
   */
  @RecordBuilder
  public record Attempt(
      TrialKey key,
      TrialSpec trial,
      long reservedMicros,
      Instant launchNotAfter,
      Instant intentAt,
      Optional<String> externalId,
      boolean abandoned,
      Optional<RunOutcome> outcome,
      boolean released,
      Optional<Instant> endedAt) {

    /** Returns an attempt that has just been decided on. */
    public static Attempt intended(
        TrialKey key,
        TrialSpec trial,
        long reservedMicros,
        Instant launchNotAfter,
        Instant intentAt) {
      return CampaignStateAttemptBuilder.builder()
          .key(key)
          .trial(trial)
          .reservedMicros(reservedMicros)
          .launchNotAfter(launchNotAfter)
          .intentAt(intentAt)
          .build();
    }

    Attempt launched(String id) {
      return CampaignStateAttemptBuilder.builder(this).externalId(Optional.of(id)).build();
    }

    Attempt stopping() {
      return CampaignStateAttemptBuilder.builder(this).abandoned(true).build();
    }

    Attempt settled(RunOutcome result, Instant at) {
      return CampaignStateAttemptBuilder.builder(this)
          .outcome(Optional.of(result))
          .endedAt(Optional.of(at))
          .build();
    }

    Attempt released(Instant at) {
      return CampaignStateAttemptBuilder.builder(this)
          .released(true)
          .endedAt(Optional.of(at))
          .build();
    }

    /** Returns whether it may still be running or may still be launched. */
    public boolean isOpen() {
      return outcome.isEmpty() && !released;
    }

    /** Returns its cost in micro-GPU-hours; 0 until settled. */
    public long settledMicros() {
      return outcome.map(RunOutcome::costMicros).orElse(0L);
    }

    /** Returns its reservation in micro-GPU-hours; 0 once settled or released. */
    public long openReservationMicros() {
      return isOpen() ? reservedMicros : 0;
    }
  }
}
