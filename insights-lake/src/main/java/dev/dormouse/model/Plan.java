package dev.dormouse.model;

import java.util.List;

/**
 * What a campaign will try, in what order and for how much: the thing that a person approves.
 *
 * @param campaignId the campaign
 * @param phases one entry a phase, in order
 * @param hypotheses what validation tries, best first
 * @param cost of all phases together
 * @param capMicros the budget asked for, in micro-GPU-hours; approval may set a lower or higher one
 * @param stopRules sentences: when a phase or the campaign ends early
 * @param notTried what was left out, and why
 */
public record Plan(
    String campaignId,
    List<PhasePlan> phases,
    List<Hypothesis> hypotheses,
    CostEstimate cost,
    long capMicros,
    List<String> stopRules,
    List<NotTried> notTried) {

  public Plan {
    phases = List.copyOf(phases);
    hypotheses = List.copyOf(hypotheses);
    stopRules = List.copyOf(stopRules);
    notTried = List.copyOf(notTried);
  }

  /**
   * Sixteen hexadecimal digits over all that the plan says: an approval holds for exactly this
   * plan.
   */
  public String hash() {
    return Digests.sha256(toString()).substring(0, 16);
  }

  /**
   * One phase of a plan.
   *
   * @param phase which
   * @param trials the largest number of trials
   * @param seeds seeds that each arm is trained with
   * @param cost of the phase
   * @param purpose one sentence
   */
  public record PhasePlan(
      Phase phase, int trials, List<Long> seeds, CostEstimate cost, String purpose) {
    public PhasePlan {
      seeds = List.copyOf(seeds);
    }
  }

  /**
   * An estimated cost in micro-GPU-hours, with an interval meant to hold four times out of five.
   *
   * @param basis how it is known, e.g. {@code 12 runs of this study} or {@code preflight run}
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

    /** This cost times a number of runs. */
    public CostEstimate times(int runs) {
      return new CostEstimate(lowMicros * runs, expectedMicros * runs, highMicros * runs, basis);
    }
  }

  /** Something that the plan leaves out, and why. */
  public record NotTried(String what, String why) {}
}
