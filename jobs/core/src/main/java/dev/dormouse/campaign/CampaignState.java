package dev.dormouse.campaign;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
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
 * What is known of a campaign: the fold of its events, and nothing else.
 *
 * @param campaignId the campaign
 * @param lastSeq number of the last event folded in; 0 before the first
 * @param spec the campaign file
 * @param rules the version of the rules that decide for it, see {@link Decider#RULES}
 * @param status where it stands
 * @param plan the newest plan
 * @param approval who approved it, with which cap
 * @param phase the phase that runs; empty before approval
 * @param attempts every attempt of every trial, in order of intent
 * @param diagnoses every failure looked at, in order
 * @param touches every human action, in order
 * @param hindrance what keeps runs from being launched or seen; empty if nothing does
 * @param strikes decisions that failed in a row
 * @param answeredMessages inbox messages dealt with
 * @param publishedKeys outbox items already in MLflow
 * @param verdict how it ended
 */
public record CampaignState(
    String campaignId,
    long lastSeq,
    Optional<CampaignSpec> spec,
    int rules,
    Status status,
    Optional<Plan> plan,
    Optional<Approval> approval,
    Optional<Phase> phase,
    Map<TrialKey, Attempt> attempts,
    List<CampaignEvent.Diagnosed> diagnoses,
    List<Touch> touches,
    String hindrance,
    int strikes,
    Set<String> answeredMessages,
    Set<String> publishedKeys,
    Optional<Verdict> verdict) {

  /** Where a campaign stands. */
  public enum Status {
    CREATED,
    WAITING_FOR_APPROVAL,
    RUNNING,
    PAUSED,
    /** Ended by a person; what runs is still settled. */
    HALTED,
    QUARANTINED,
    FINISHED;

    /** The name as stored and shown, e.g. {@code waiting_for_approval}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public CampaignState {
    attempts = Collections.unmodifiableMap(new LinkedHashMap<>(attempts));
    diagnoses = List.copyOf(diagnoses);
    touches = List.copyOf(touches);
    answeredMessages = Collections.unmodifiableSet(new LinkedHashSet<>(answeredMessages));
    publishedKeys = Collections.unmodifiableSet(new LinkedHashSet<>(publishedKeys));
  }

  /** A campaign of which nothing is known yet. */
  public static CampaignState unknown(String campaignId) {
    return new CampaignState(
        campaignId,
        0,
        Optional.empty(),
        Decider.RULES,
        Status.CREATED,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        List.of(),
        List.of(),
        "",
        0,
        Set.of(),
        Set.of(),
        Optional.empty());
  }

  /** Micro-GPU-hours that finished runs have cost. */
  public long settledMicros() {
    return attempts.values().stream().mapToLong(Attempt::settledMicros).sum();
  }

  /** Micro-GPU-hours held back for runs that may still be running. */
  public long reservedMicros() {
    return attempts.values().stream().mapToLong(Attempt::openReservationMicros).sum();
  }

  /** Attempts that are neither settled nor released, in order of intent. */
  public List<Attempt> open() {
    return attempts.values().stream().filter(Attempt::isOpen).toList();
  }

  /** Attempts of a phase, in order of intent. */
  public List<Attempt> of(Phase wanted) {
    return attempts.values().stream().filter(a -> a.trial().phase() == wanted).toList();
  }

  /** Whether the campaign will never launch anything again. */
  public boolean isOver() {
    return status == Status.FINISHED || status == Status.HALTED || status == Status.QUARANTINED;
  }

  /**
   * An approval.
   *
   * @param planHash the plan it holds for
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
   * @param key its identity
   * @param trial what is trained
   * @param reservedMicros the worst case reserved for it
   * @param launchNotAfter a launch after this instant aborts itself
   * @param intentAt when it was decided on
   * @param externalId the backend's id, once its launch is confirmed
   * @param abandoned whether it was told to stop since it promised nothing
   * @param outcome how it ended, once settled
   * @param released whether it never came to be
   * @param endedAt when it was settled or released
   */
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

    /** An attempt that has just been decided on. */
    public static Attempt intended(
        TrialKey key,
        TrialSpec trial,
        long reservedMicros,
        Instant launchNotAfter,
        Instant intentAt) {
      return new Attempt(
          key,
          trial,
          reservedMicros,
          launchNotAfter,
          intentAt,
          Optional.empty(),
          false,
          Optional.empty(),
          false,
          Optional.empty());
    }

    Attempt launched(String id) {
      return with(Optional.of(id), abandoned, outcome, released, endedAt);
    }

    Attempt givenUp() {
      return with(externalId, true, outcome, released, endedAt);
    }

    Attempt settled(RunOutcome result, Instant at) {
      return with(externalId, abandoned, Optional.of(result), released, Optional.of(at));
    }

    Attempt released(Instant at) {
      return with(externalId, abandoned, outcome, true, Optional.of(at));
    }

    private Attempt with(
        Optional<String> newExternalId,
        boolean newAbandoned,
        Optional<RunOutcome> newOutcome,
        boolean newReleased,
        Optional<Instant> newEndedAt) {
      return new Attempt(
          key,
          trial,
          reservedMicros,
          launchNotAfter,
          intentAt,
          newExternalId,
          newAbandoned,
          newOutcome,
          newReleased,
          newEndedAt);
    }

    /** Whether it may still be running, or still come to be. */
    public boolean isOpen() {
      return outcome.isEmpty() && !released;
    }

    /** What it cost; 0 until settled. */
    public long settledMicros() {
      return outcome.map(RunOutcome::costMicros).orElse(0L);
    }

    /** What is held back for it; 0 once settled or released. */
    public long openReservationMicros() {
      return isOpen() ? reservedMicros : 0;
    }
  }
}
