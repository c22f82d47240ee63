package dev.dormouse.model;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A campaign as its file asks for it: a goal, pursued under one approved budget.
 *
 * @param campaignId its name, unique in the lake
 * @param study the study in which arms are compared
 * @param objective what to improve
 * @param baseline the control arm
 * @param searchSpace the arms that may be tried
 * @param training how one arm is trained
 * @param budget what it may cost
 * @param guardrails what must hold before anything is trained
 * @param sources enabled hypothesis sources
 * @param trials the largest number of trials of each phase; in confirmation the number of seed
 *     pairs
 */
public record CampaignSpec(
    String campaignId,
    StudyKey study,
    Objective objective,
    Arm baseline,
    SearchSpace searchSpace,
    Training training,
    Budget budget,
    Guardrails guardrails,
    Sources sources,
    Map<Phase, Integer> trials) {

  public CampaignSpec {
    Objects.requireNonNull(study, "study");
    if (!campaignId.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
      throw new IllegalArgumentException(
          "Campaign name '"
              + campaignId
              + "' must be 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or"
              + " digit");
    }
    EnumMap<Phase, Integer> counts = new EnumMap<>(Phase.class);
    counts.putAll(trials);
    trials = Collections.unmodifiableMap(counts);
  }

  /** The largest number of trials of a phase (in confirmation: of seed pairs). */
  public int trials(Phase phase) {
    return trials.getOrDefault(phase, 0);
  }

  /**
   * How one arm is trained.
   *
   * @param backend who runs it: {@code local}
   * @param command the command line; {@code {config_file}} stands for the trial's JSON file
   * @param timeout how long one run may take
   * @param gpus GPUs that one run occupies; 0 for none
   */
  public record Training(String backend, String command, Duration timeout, int gpus) {
    public Training {
      if (timeout.isNegative() || timeout.isZero()) {
        throw new IllegalArgumentException("A training's timeout must be above 0");
      }
    }

    /** How long a run may take to die once it is told to. */
    public static final Duration KILL_GRACE = Duration.ofSeconds(30);

    /** The most that one run can cost: what is reserved before it starts. */
    public long worstCaseMicros() {
      return GpuHours.micros(timeout.plus(KILL_GRACE), gpus);
    }
  }

  /**
   * What a campaign may cost.
   *
   * @param gpuHoursMicros cap in micro-GPU-hours, see {@link GpuHours}
   * @param llmUsd cap for language model calls, in dollars
   * @param maxParallel the most training runs at a time
   */
  public record Budget(long gpuHoursMicros, double llmUsd, int maxParallel) {}

  /**
   * What must hold before anything is trained.
   *
   * @param repository the code repository that holds the trainer
   * @param allowedPaths the only paths in it that a campaign may change
   * @param preflight names of the checks to make
   */
  public record Guardrails(String repository, List<String> allowedPaths, List<String> preflight) {
    public Guardrails {
      allowedPaths = List.copyOf(allowedPaths);
      preflight = List.copyOf(preflight);
    }
  }

  /**
   * Enabled hypothesis sources.
   *
   * @param history whether past runs are used
   * @param research whether technique cards are used
   * @param llm whether a language model is asked
   */
  public record Sources(boolean history, boolean research, LlmUse llm) {}

  /** Whether a campaign asks a language model. */
  public enum LlmUse {
    /** If the deployment has one. */
    AUTO("auto"),
    /** The campaign wants one; without one in the deployment, statistics do the work. */
    ALWAYS("true"),
    NEVER("false");

    private final String id;

    LlmUse(String id) {
      this.id = id;
    }

    /** Returns the text in campaign files and in the lake. */
    public String id() {
      return id;
    }
  }
}
