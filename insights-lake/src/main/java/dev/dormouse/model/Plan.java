package dev.dormouse.model;

import java.util.List;
import java.util.Optional;

/**
 * What a campaign will try, in what order and at what cost. A person approves exactly one plan.
 *
 * @param campaignId the campaign
 * @param phases one entry per phase, in order
 * @param hypotheses what validation tries, best first
 * @param cost estimated cost of all phases together
 * @param capMicros the budget asked for, in micro-GPU-hours; approval may set a lower or higher one
 * @param stopRules sentences: when a phase or the campaign ends early
 * @param notTried what was left out, and the reasons
 * @param basis what it rests on; empty in plans of older versions
 */
public record Plan(
    String campaignId,
    List<PhasePlan> phases,
    List<Hypothesis> hypotheses,
    CostEstimate cost,
    long capMicros,
    List<String> stopRules,
    List<NotTried> notTried,
    Optional<Basis> basis) {

  public Plan {
    phases = List.copyOf(phases);
    hypotheses = List.copyOf(hypotheses);
    stopRules = List.copyOf(stopRules);
    notTried = List.copyOf(notTried);
    // Plans in old logs have none.
    basis = basis == null ? Optional.empty() : basis;
  }

  /** A plan that rests on nothing but its hypotheses. */
  public Plan(
      String campaignId,
      List<PhasePlan> phases,
      List<Hypothesis> hypotheses,
      CostEstimate cost,
      long capMicros,
      List<String> stopRules,
      List<NotTried> notTried) {
    this(campaignId, phases, hypotheses, cost, capMicros, stopRules, notTried, Optional.empty());
  }

  /**
   * Returns the hash of the plan's whole content in the current version: {@code v2-} and 16
   * hexadecimal digits. Record it when a plan is made; of a recorded plan use the recorded hash,
   * which may be of an older version.
   */
  public String hash() {
    return PlanIdentity.hash(this);
  }

  /** Returns whether a recorded hash, of this version or an older one, is this plan's. */
  public boolean hasHash(String recorded) {
    return PlanIdentity.verify(recorded, this);
  }

  /**
   * One phase of a plan.
   *
   * @param phase the phase
   * @param trials the largest number of trials
   * @param seeds seeds that each arm is trained with
   * @param cost estimated cost of the phase
   * @param purpose one sentence
   */
  public record PhasePlan(
      Phase phase, int trials, List<Long> seeds, CostEstimate cost, String purpose) {
    public PhasePlan {
      seeds = List.copyOf(seeds);
    }
  }

  /**
   * An estimated cost in micro-GPU-hours, with an 80% interval.
   *
   * @param basis where it is known from, e.g. {@code 12 runs of this study} or {@code preflight
   *     run}
   */
  public record CostEstimate(long lowMicros, long expectedMicros, long highMicros, String basis) {
    public CostEstimate {
      if (lowMicros > expectedMicros || expectedMicros > highMicros) {
        throw new IllegalArgumentException(
            "A cost estimate must be ordered: "
                + lowMicros
                + ", "
                + expectedMicros
                + ", "
                + highMicros);
      }
    }

    /** Returns the cost of both, as if both turned out low or high together. */
    public CostEstimate plus(CostEstimate other) {
      return new CostEstimate(
          lowMicros + other.lowMicros,
          expectedMicros + other.expectedMicros,
          highMicros + other.highMicros,
          basis);
    }

    /** Returns this cost times a number of runs. */
    public CostEstimate times(int runs) {
      return new CostEstimate(lowMicros * runs, expectedMicros * runs, highMicros * runs, basis);
    }
  }

  /**
   * What a plan rests on.
   *
   * @param forecastsHash identity of its {@link ArmForecasts}
   * @param noiseSd seed noise to expect, in metric units, above 0
   * @param better arms that beat the baseline in earlier runs of the study, best first; they are
   *     not searched again, but the best of them may win in confirmation
   * @param betterBaseline suggests the confirmed winner of an earlier campaign as the baseline, in
   *     a sentence; empty if there is none
   * @param cautions sentences: what past runs cannot tell about the search space
   */
  public record Basis(
      String forecastsHash,
      double noiseSd,
      List<Hypothesis> better,
      Optional<String> betterBaseline,
      List<String> cautions) {
    public Basis {
      better = List.copyOf(better);
      if (!(noiseSd > 0)) {
        throw new IllegalArgumentException("Seed noise is " + noiseSd + "; it must be above 0");
      }
      // Plans in old logs have neither.
      betterBaseline = betterBaseline == null ? Optional.empty() : betterBaseline;
      cautions = cautions == null ? List.of() : List.copyOf(cautions);
    }

    /** A basis without a suggestion and cautions. */
    public Basis(String forecastsHash, double noiseSd, List<Hypothesis> better) {
      this(forecastsHash, noiseSd, better, Optional.empty(), List.of());
    }
  }

  /** A hypothesis that the plan leaves out, and the reason. */
  public record NotTried(String what, String why) {}
}
