package dev.dormouse.summary;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.campaign.Verdict.Comparison;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.stats.Estimate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a campaign stands, in few numbers: what {@code campaign show} prints, as JSON (with names
 * in snake case) or through {@link CampaignText}. Pure.
 *
 * @param campaign its name
 * @param status where it stands, e.g. {@code waiting_for_approval}
 * @param goal one line: metric, direction, study
 * @param verdict the conclusion, once there is one
 * @param explanation of the verdict
 * @param phases counts of each phase
 * @param baseline the control arm
 * @param winner the best arm: of the verdict, before that the best of the search so far
 * @param gain winner over baseline on the validation split
 * @param testGain winner over baseline on the test split, once confirmed
 * @param budget what is spent
 * @param failedRuns runs that ended in failure
 * @param failuresHandled failures that the runbook diagnosed and acted on
 * @param touches human actions so far
 * @param pendingApproval hash of the plan that waits for an approval
 * @param hindrance what keeps runs from being launched or seen
 * @param openTrials ids of the runs that may still be running
 */
@JsonNaming(SnakeCaseStrategy.class)
public record CampaignSummary(
    String campaign,
    String status,
    String goal,
    Optional<String> verdict,
    Optional<String> explanation,
    List<PhaseCounts> phases,
    Optional<Measured> baseline,
    Optional<Measured> winner,
    Optional<Gain> gain,
    Optional<Gain> testGain,
    Budget budget,
    int failedRuns,
    int failuresHandled,
    int touches,
    Optional<String> pendingApproval,
    Optional<String> hindrance,
    List<String> openTrials) {

  /**
   * Trials of a phase.
   *
   * @param planned the most that the plan allows
   * @param done finished with a result
   * @param failed ended without one: given up, or abandoned
   * @param open not ended yet
   */
  public record PhaseCounts(String phase, int planned, int done, int failed, int open) {}

  /**
   * An arm's mean of the metric on the validation split.
   *
   * @param low lower end of its 95% interval; empty when one seed cannot tell
   * @param high upper end of it
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Measured(
      String configId, String changes, double mean, Optional<Double> low, Optional<Double> high) {}

  /**
   * A gain over the baseline, in metric units, positive is better.
   *
   * @param basis {@code confirmation} (paired, fresh seeds) or {@code search} (the best of many, so
   *     on average too high)
   * @param pairs seed pairs, or runs of the arm in search
   * @param pValue two-sided, confirmation only
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Gain(
      String basis,
      double mean,
      Optional<Double> low,
      Optional<Double> high,
      int pairs,
      Optional<Double> pValue) {}

  /** GPU-hours spent, held back for open runs, and allowed (0 before approval). */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Budget(double usedGpuHours, double reservedGpuHours, double capGpuHours) {}

  /** The summary of a campaign's state. */
  public static CampaignSummary of(CampaignState state) {
    CampaignResults results = CampaignResults.of(state);
    Optional<Verdict> verdict = state.verdict();
    Optional<Comparison> confirmed = verdict.flatMap(Verdict::validation);
    return new CampaignSummary(
        state.campaignId(),
        state.status().id(),
        state.spec().map(CampaignSummary::goal).orElse(""),
        verdict.map(v -> v.kind().text()),
        verdict.map(Verdict::explanation),
        Arrays.stream(Phase.values()).map(phase -> counts(state, phase)).toList(),
        baseline(state, results, confirmed),
        winner(state, results, confirmed),
        confirmed.map(CampaignSummary::confirmed).or(() -> search(results)),
        verdict.flatMap(Verdict::test).map(CampaignSummary::confirmed),
        new Budget(
            GpuHours.hours(state.settledMicros()),
            GpuHours.hours(state.reservedMicros()),
            GpuHours.hours(state.approval().map(a -> a.capMicros()).orElse(0L))),
        (int) state.attempts().values().stream().filter(CampaignSummary::failed).count(),
        state.diagnoses().size(),
        state.touches().size(),
        state.status() == Status.WAITING_FOR_APPROVAL ? state.planHash() : Optional.empty(),
        Optional.of(state.hindrance()).filter(reason -> !reason.isEmpty()),
        state.open().stream().map(attempt -> attempt.key().runId()).toList());
  }

  /** What the campaign is for, in one line. */
  public static String goal(CampaignSpec spec) {
    return (spec.objective().direction() == Direction.MAXIMIZE ? "raise " : "lower ")
        + spec.objective().metric()
        + " on "
        + spec.study().dataset()
        + " (features "
        + spec.study().features()
        + ")";
  }

  /** Whether an attempt ended in failure; one that was abandoned did not. */
  public static boolean failed(Attempt attempt) {
    return hasNoResult(attempt) && attempt.outcome().orElseThrow().status() != RunStatus.ABANDONED;
  }

  private static boolean hasNoResult(Attempt attempt) {
    return attempt.outcome().filter(outcome -> outcome.status() != RunStatus.OK).isPresent();
  }

  /** Trials of a phase; attempts of one trial count once. */
  public static PhaseCounts counts(CampaignState state, Phase phase) {
    List<Attempt> attempts = state.of(phase).stream().filter(a -> !a.released()).toList();
    List<String> trials = attempts.stream().map(a -> a.key().trialId()).distinct().toList();
    List<String> done =
        attempts.stream()
            .filter(a -> a.outcome().isPresent() && !hasNoResult(a))
            .map(a -> a.key().trialId())
            .distinct()
            .toList();
    List<String> open =
        attempts.stream()
            .filter(Attempt::isOpen)
            .map(a -> a.key().trialId())
            .filter(trial -> !done.contains(trial))
            .distinct()
            .toList();
    int planned =
        state.plan().stream()
            .flatMap(plan -> plan.phases().stream())
            .filter(entry -> entry.phase() == phase)
            .mapToInt(Plan.PhasePlan::trials)
            .sum();
    return new PhaseCounts(
        phase.id(), planned, done.size(), trials.size() - done.size() - open.size(), open.size());
  }

  private static Optional<Measured> baseline(
      CampaignState state, CampaignResults results, Optional<Comparison> confirmed) {
    return state
        .spec()
        .flatMap(
            spec ->
                confirmed
                    .map(c -> new Estimate(c.baselineMean(), c.baselineLow(), c.baselineHigh()))
                    .or(results::baseline)
                    .map(estimate -> measured(spec, spec.baseline(), estimate)));
  }

  private static Optional<Measured> winner(
      CampaignState state, CampaignResults results, Optional<Comparison> confirmed) {
    if (state.spec().isEmpty()) {
      return Optional.empty();
    }
    CampaignSpec spec = state.spec().get();
    Optional<Arm> winner = state.verdict().flatMap(Verdict::winner);
    if (confirmed.isPresent() && winner.isPresent()) {
      Comparison c = confirmed.get();
      return Optional.of(
          measured(
              spec, winner.get(), new Estimate(c.winnerMean(), c.winnerLow(), c.winnerHigh())));
    }
    return results
        .best()
        .map(
            best -> {
              double sign = spec.objective().direction() == Direction.MAXIMIZE ? 1 : -1;
              double mean =
                  results.baseline().orElseThrow().mean() + sign * best.gain().orElseThrow().mean();
              return new Measured(
                  best.arm().configId(), best.what(), mean, Optional.empty(), Optional.empty());
            });
  }

  private static Measured measured(CampaignSpec spec, Arm arm, Estimate estimate) {
    return new Measured(
        arm.configId(),
        CampaignResults.what(spec, arm),
        estimate.mean(),
        finite(estimate.low()),
        finite(estimate.high()));
  }

  private static Gain confirmed(Comparison c) {
    return new Gain(
        "confirmation",
        c.gain(),
        finite(c.gainLow()),
        finite(c.gainHigh()),
        c.pairs(),
        finite(c.pValue()));
  }

  private static Optional<Gain> search(CampaignResults results) {
    return results
        .best()
        .map(
            best -> {
              Estimate gain = best.gain().orElseThrow();
              return new Gain(
                  "search",
                  gain.mean(),
                  finite(gain.low()),
                  finite(gain.high()),
                  best.gains().size(),
                  Optional.empty());
            });
  }

  private static Optional<Double> finite(double number) {
    return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
  }
}
