package dev.dormouse.campaign;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import java.time.Instant;
import java.util.List;

/**
 * What happened to a campaign. The log of these is the one truth: {@link CampaignState} is their
 * fold. Kinds are never renamed and fields never removed, since old logs must stay readable.
 */
public sealed interface CampaignEvent {

  /**
   * A campaign file was accepted.
   *
   * @param rules the version of {@link Decider}'s rules that decides for this campaign to its end
   */
  record Created(CampaignSpec spec, String by, int rules) implements CampaignEvent {}

  /** A plan was built; it replaces an earlier one that was not approved. */
  record Planned(String planHash, Plan plan) implements CampaignEvent {}

  /** A person approved exactly this plan with this cap. */
  record Approved(String planHash, long capMicros, String by, String channel)
      implements CampaignEvent {}

  /** A phase began. */
  record PhaseStarted(Phase phase, String reason) implements CampaignEvent {}

  /**
   * A training run was decided on and its worst case reserved. Nothing is launched without one.
   *
   * @param launchNotAfter a launch after this instant aborts itself, so that only then the
   *     reservation may be released
   */
  record Intent(TrialSpec trial, int attempt, long reservedMicros, Instant launchNotAfter)
      implements CampaignEvent {}

  /** The training backend confirmed that the run exists. */
  record Launched(String trialId, int attempt, String externalId) implements CampaignEvent {}

  /** A run ended; its reservation became its cost. */
  record Settled(String trialId, int attempt, RunOutcome outcome) implements CampaignEvent {}

  /**
   * A run was told to stop since its learning curve promises nothing; its end settles it.
   *
   * @param curve what was seen of it
   */
  record Abandoned(String trialId, int attempt, List<MetricPoint> curve, String reason)
      implements CampaignEvent {
    public Abandoned {
      curve = List.copyOf(curve);
    }
  }

  /** A run never came to be, and can no longer: its reservation is free again. */
  record Released(String trialId, int attempt, String reason) implements CampaignEvent {}

  /** A failure was looked at. */
  record Diagnosed(
      String trialId, int attempt, String cause, String rule, String action, String detail)
      implements CampaignEvent {}

  /** A person rejected the plan, paused, resumed or halted the campaign, or set its cap. */
  record Commanded(String kind, String by, String channel, String detail, long capMicros)
      implements CampaignEvent {}

  /** A message of the inbox was dealt with, or refused. */
  record InboxAcked(String messageId, boolean accepted, String answer) implements CampaignEvent {}

  /** These items of the MLflow outbox have been published. */
  record OutboxAcked(List<String> keys) implements CampaignEvent {
    public OutboxAcked {
      keys = List.copyOf(keys);
    }
  }

  /**
   * Something outside keeps runs from being launched or seen; an empty reason says that it is over.
   */
  record Hindered(String reason) implements CampaignEvent {}

  /** Deciding for this campaign failed with an error of ours; three in a row quarantine it. */
  record Struck(String error) implements CampaignEvent {}

  /** The campaign is no longer looked at but for settling what runs. */
  record Quarantined(String reason) implements CampaignEvent {}

  /** The campaign ended. */
  record Finished(Verdict verdict) implements CampaignEvent {}
}
