package dev.dormouse.learn;

import java.util.List;
import java.util.Optional;

/**
 * What a learning did.
 *
 * @param ended campaigns that ended since the last learning
 * @param mining what was mined; empty if there were no new runs
 * @param plans what became of each plan that waited for approval
 * @param failures plans that could not be built, with the reasons
 */
public record LearnSummary(
    List<String> ended, Optional<Mining> mining, List<PlanOutcome> plans, List<String> failures) {
  public LearnSummary {
    ended = List.copyOf(ended);
    plans = List.copyOf(plans);
    failures = List.copyOf(failures);
  }

  /**
   * A mining.
   *
   * @param runs runs in the lake
   * @param studies studies among them
   * @param computed studies whose facts were computed again, as they have new runs or curves
   * @param insights number of insights
   */
  public record Mining(long runs, long studies, long computed, int insights) {}

  /** What became of a plan. */
  public enum Fate {
    /** Another plan waits for approval in its place. */
    REPLACED,
    /** Nothing that it rests on changed it. */
    KEPT,
    /** Somebody answered about it, or replaced it, while it was built again. */
    ANSWERED
  }

  /**
   * What became of a plan that waited for approval.
   *
   * @param oldHash the plan
   * @param newHash the plan that waits now, or would
   * @param reason why it was replaced; empty if it was not
   */
  public record PlanOutcome(
      String campaign, Fate fate, String oldHash, String newHash, String reason) {}
}
