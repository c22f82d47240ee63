package dev.dormouse.summary;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
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
 * A campaign in few numbers: what {@code campaign show} prints, as one flat JSON object (names in
 * snake case) or through {@link CampaignText}. Pure.
 *
 * @param campaign its id
 * @param status e.g. {@code waiting_for_approval}
 * @param goal one line: metric, direction, study
 * @param phases counts of each phase
 * @param budget GPU-hours
 */
@JsonNaming(SnakeCaseStrategy.class)
public record CampaignSummary(
    String campaign,
    String status,
    String goal,
    @JsonUnwrapped Conclusion conclusion,
    List<PhaseCounts> phases,
    @JsonUnwrapped Results results,
    Budget budget,
    @JsonUnwrapped Events events,
    @JsonUnwrapped Waiting waiting) {

  /** The verdict and its explanation; empty until the campaign has ended. */
  public record Conclusion(Optional<String> verdict, Optional<String> explanation) {}

  /**
   * Trials of a phase.
   *
   * @param planned the most that the plan allows
   * @param done finished with a result
   * @param failed ended without a result: given up, or abandoned
   * @param open not ended yet
   */
  public record PhaseCounts(String phase, int planned, int done, int failed, int open) {}

  /**
   * What was measured.
   *
   * @param baseline the control arm
   * @param winner the best arm: of the verdict, before that the best of the search so far
   * @param gain winner over baseline on the validation split
   * @param testGain winner over baseline on the test split, once confirmed
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Results(
      Optional<Measured> baseline,
      Optional<Measured> winner,
      Optional<Gain> gain,
      Optional<Gain> testGain) {}

  /**
   * An arm's mean of the metric on the validation split.
   *
   * @param low lower end of its 95% interval; empty for a single seed
   * @param high upper end of that interval
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

  /** GPU-hours spent, reserved for open runs, and allowed (0 before approval). */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Budget(double usedGpuHours, double reservedGpuHours, double capGpuHours) {}

  /**
   * Counts of what happened.
   *
   * @param failedRuns runs that ended in failure
   * @param failuresHandled failures that the runbook diagnosed and acted on
   * @param touches human actions
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Events(int failedRuns, int failuresHandled, int touches) {}

  /**
   * What the campaign waits for.
   *
   * @param pendingApproval hash of the plan that waits for an approval
   * @param replanned the reason why it replaces an earlier plan
   * @param hindrance the reason why runs cannot be launched or observed
   * @param openTrials ids of the runs that may still be running
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Waiting(
      Optional<String> pendingApproval,
      Optional<String> replanned,
      Optional<String> hindrance,
      List<String> openTrials) {}

  /** Summarizes a campaign's state. */
  public static CampaignSummary of(CampaignState state) {
    return new CampaignSummary(
        state.campaignId(),
        state.status().id(),
        state.spec().map(CampaignSummary::goal).orElse(""),
        new Conclusion(
            state.verdict().map(v -> v.kind().text()), state.verdict().map(Verdict::explanation)),
        Arrays.stream(Phase.values()).map(phase -> counts(state, phase)).toList(),
        results(state),
        new Budget(
            GpuHours.hours(state.settledMicros()),
            GpuHours.hours(state.reservedMicros()),
            GpuHours.hours(state.approval().map(a -> a.capMicros()).orElse(0L))),
        new Events(
            (int) state.attempts().values().stream().filter(CampaignSummary::failed).count(),
            state.diagnoses().size(),
            state.touches().size()),
        new Waiting(
            state.status() == Status.WAITING_FOR_APPROVAL ? state.planHash() : Optional.empty(),
            Optional.of(state.planReason())
                .filter(reason -> !reason.isEmpty())
                .filter(reason -> state.status() == Status.WAITING_FOR_APPROVAL),
            Optional.of(state.hindrance()).filter(reason -> !reason.isEmpty()),
            state.open().stream().map(attempt -> attempt.key().runId()).toList()));
  }

  private static Results results(CampaignState state) {
    CampaignResults results = CampaignResults.of(state);
    Optional<Comparison> confirmed = state.verdict().flatMap(Verdict::validation);
    return new Results(
        baseline(state, results, confirmed),
        winner(state, results, confirmed),
        confirmed.map(CampaignSummary::confirmed).or(() -> search(results)),
        state.verdict().flatMap(Verdict::test).map(CampaignSummary::confirmed));
  }

  /** Returns the objective and the study in one line. */
  public static String goal(CampaignSpec spec) {
    return (spec.objective().direction() == Direction.MAXIMIZE ? "raise " : "lower ")
        + spec.objective().metric()
        + " on "
        + spec.study().dataset()
        + " (features "
        + spec.study().features()
        + ")";
  }

  /** Returns whether an attempt ended in failure; an abandoned one did not fail. */
  public static boolean failed(Attempt attempt) {
    return hasNoResult(attempt) && attempt.outcome().orElseThrow().status() != RunStatus.ABANDONED;
  }

  private static boolean hasNoResult(Attempt attempt) {
    return attempt.outcome().filter(outcome -> outcome.status() != RunStatus.OK).isPresent();
  }

  /** Counts the trials of a phase; attempts of one trial count once. */
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
    int approved =
        state.plan().stream()
            .flatMap(plan -> plan.phases().stream())
            .filter(entry -> entry.phase() == phase)
            .mapToInt(Plan.PhasePlan::trials)
            .sum();
    int planned = state.split().getOrDefault(phase, approved);
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
