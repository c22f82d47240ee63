package dev.dormouse.campaign;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.runbook.Remedy;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A fact about a campaign. The log of these is the only source of truth: {@link CampaignState} is
 * their fold. Stored names never change and components are never removed, since old logs must stay
 * readable.
 */
public sealed interface CampaignEvent {
  /** Returns the type of this event, for switches that the compiler checks for completeness. */
  Type type();

  /** The types of events with the names under which they are stored. */
  enum Type {
    CREATED("created", Created.class),
    PLANNED("planned", Planned.class),
    APPROVED("approved", Approved.class),
    PHASE_STARTED("phase_started", PhaseStarted.class),
    SPLIT_CHANGED("split_changed", SplitChanged.class),
    INTENT("intent", Intent.class),
    LAUNCHED("launched", Launched.class),
    SETTLED("settled", Settled.class),
    ABANDONED("abandoned", Abandoned.class),
    RELEASED("released", Released.class),
    DIAGNOSED("diagnosed", Diagnosed.class),
    COMMANDED("commanded", Commanded.class),
    INBOX_ACKED("inbox_acked", InboxAcked.class),
    OUTBOX_ACKED("outbox_acked", OutboxAcked.class),
    HINDERED("hindered", Hindered.class),
    STRUCK("struck", Struck.class),
    QUARANTINED("quarantined", Quarantined.class),
    FINISHED("finished", Finished.class);

    private final String id;
    private final Class<? extends CampaignEvent> recordClass;

    Type(String id, Class<? extends CampaignEvent> recordClass) {
      this.id = id;
      this.recordClass = recordClass;
    }

    /** The name as stored in the log, e.g. {@code phase_started}; never change one. */
    public String id() {
      return id;
    }

    /** The record that holds events of this type. */
    public Class<? extends CampaignEvent> recordClass() {
      return recordClass;
    }

    /** Returns the type with this stored name; empty if this version does not know it. */
    public static Optional<Type> fromId(String id) {
      return Arrays.stream(values()).filter(type -> type.id.equals(id)).findFirst();
    }
  }

  /**
   * A campaign file was accepted.
   *
   * @param rules the version of {@link Decider}'s rules that decides for this campaign to its end
   */
  record Created(CampaignSpec spec, String by, int rules) implements CampaignEvent {
    @Override
    public Type type() {
      return Type.CREATED;
    }
  }

  /**
   * A plan was made; it replaces an earlier one that was not approved.
   *
   * @param planHash the plan's identity from now on, see {@link Plan#hash()}
   * @param reason why it replaces the plan before it; empty if a person asked for it
   */
  record Planned(String planHash, Plan plan, String reason) implements CampaignEvent {
    public Planned {
      // Old logs have none.
      reason = reason == null ? "" : reason;
    }

    /** A plan that a person asked for. */
    public Planned(String planHash, Plan plan) {
      this(planHash, plan, "");
    }

    /** A new plan under its hash. */
    public static Planned of(Plan plan) {
      return new Planned(plan.hash(), plan);
    }

    @Override
    public Type type() {
      return Type.PLANNED;
    }
  }

  /** A person approved exactly this plan with this cap. */
  record Approved(String planHash, long capMicros, String by, String channel)
      implements CampaignEvent {
    @Override
    public Type type() {
      return Type.APPROVED;
    }
  }

  /** A phase began. */
  record PhaseStarted(Phase phase, String reason) implements CampaignEvent {
    @Override
    public Type type() {
      return Type.PHASE_STARTED;
    }
  }

  /**
   * A phase gets another number of trials than the approved plan gave it, within the cap.
   *
   * @param trials the largest number of trials of the phase from now on
   */
  record SplitChanged(Phase phase, int trials, String reason) implements CampaignEvent {
    @Override
    public Type type() {
      return Type.SPLIT_CHANGED;
    }
  }

  /**
   * A training run was decided on and its worst-case cost reserved. No run is launched without one.
   *
   * @param launchNotAfter a launch after this instant aborts itself, so the reservation may be
   *     released only then
   */
  record Intent(TrialSpec trial, int attempt, long reservedMicros, Instant launchNotAfter)
      implements CampaignEvent {
    @Override
    public Type type() {
      return Type.INTENT;
    }
  }

  /** The training backend confirmed that the run exists. */
  record Launched(String trialId, int attempt, String externalId) implements CampaignEvent {
    @Override
    public Type type() {
      return Type.LAUNCHED;
    }
  }

  /** A run ended; its cost replaces its reservation. */
  record Settled(String trialId, int attempt, RunOutcome outcome) implements CampaignEvent {
    @Override
    public Type type() {
      return Type.SETTLED;
    }
  }

  /**
   * A run is stopped early since its learning curve is hopeless; its end settles it.
   *
   * @param curve the learning curve seen so far
   */
  record Abandoned(String trialId, int attempt, List<MetricPoint> curve, String reason)
      implements CampaignEvent {
    public Abandoned {
      curve = List.copyOf(curve);
    }

    @Override
    public Type type() {
      return Type.ABANDONED;
    }
  }

  /** A run was never launched and can no longer be: its reservation is free again. */
  record Released(String trialId, int attempt, String reason) implements CampaignEvent {
    @Override
    public Type type() {
      return Type.RELEASED;
    }
  }

  /**
   * A failure was diagnosed.
   *
   * @param cause {@link RunStatus#id()} of the failure
   * @param rule the runbook's rule that recognised it
   * @param action {@link Remedy.Action#id()} of the remedy
   * @param detail the telling line of the log and the remedy, for people
   */
  record Diagnosed(
      String trialId, int attempt, String cause, String rule, String action, String detail)
      implements CampaignEvent {
    static Diagnosed of(TrialKey key, RunOutcome outcome, Remedy remedy) {
      return new Diagnosed(
          key.trialId(),
          key.attempt(),
          outcome.status().id(),
          outcome.rule(),
          remedy.action().id(),
          (outcome.detail() + " " + remedy.detail()).strip());
    }

    @Override
    public Type type() {
      return Type.DIAGNOSED;
    }
  }

  /**
   * A person rejected the plan, paused, resumed or halted the campaign, or set its cap.
   *
   * @param kind {@link Instruction#id()} of what was asked
   * @param capMicros the new cap of a budget instruction, in micro-GPU-hours; else 0
   */
  record Commanded(String kind, String by, String channel, String detail, long capMicros)
      implements CampaignEvent {
    /** What a person may ask of a campaign, apart from approving its plan. */
    public enum Instruction {
      REJECT,
      PAUSE,
      RESUME,
      HALT,
      BUDGET;

      /** The name as stored in the log, e.g. {@code pause}. */
      public String id() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    /**
     * Returns what was asked.
     *
     * @throws IllegalStateException if this version does not know the kind
     */
    Instruction instruction() {
      return Arrays.stream(Instruction.values())
          .filter(instruction -> instruction.id().equals(kind))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "Command '" + kind + "' is unknown to this version; use a newer one"));
    }

    @Override
    public Type type() {
      return Type.COMMANDED;
    }
  }

  /** A message of the inbox was followed or refused. */
  record InboxAcked(String messageId, boolean accepted, String answer) implements CampaignEvent {
    @Override
    public Type type() {
      return Type.INBOX_ACKED;
    }
  }

  /** These items of the MLflow outbox have been published. */
  record OutboxAcked(List<String> keys) implements CampaignEvent {
    public OutboxAcked {
      keys = List.copyOf(keys);
    }

    @Override
    public Type type() {
      return Type.OUTBOX_ACKED;
    }
  }

  /** Runs cannot be launched or observed for an external reason; an empty reason ends this. */
  record Hindered(String reason) implements CampaignEvent {
    @Override
    public Type type() {
      return Type.HINDERED;
    }
  }

  /** Deciding for this campaign failed with an error of ours; three in a row quarantine it. */
  record Struck(String error) implements CampaignEvent {
    @Override
    public Type type() {
      return Type.STRUCK;
    }
  }

  /** The campaign is left alone until a person resumes it; only its open runs are settled. */
  record Quarantined(String reason) implements CampaignEvent {
    @Override
    public Type type() {
      return Type.QUARANTINED;
    }
  }

  /** The campaign ended. */
  record Finished(Verdict verdict) implements CampaignEvent {
    @Override
    public Type type() {
      return Type.FINISHED;
    }
  }
}
