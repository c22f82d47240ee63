package dev.dormouse.summary;

import dev.dormouse.campaign.CampaignEvent.Diagnosed;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Touch;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Human effort and cost of campaigns, and their confirmed gains. Pure; the view {@code
 * productivity} of the lake has the same numbers for every campaign.
 *
 * @param campaigns number of campaigns
 * @param touches number of human actions
 * @param attendedMinutes estimate of the time that people spent, see {@link #attendedMinutes}
 * @param failures number of runs that failed; runs stopped on purpose do not count
 * @param resolvedAlone number of failures whose retry or repaired arm succeeded before any human
 *     action
 * @param gpuHours cost of the runs
 * @param confirmedGains number of winners that beat the baseline on fresh seeds
 */
public record Productivity(
    int campaigns,
    int touches,
    double attendedMinutes,
    int failures,
    int resolvedAlone,
    double gpuHours,
    int confirmedGains) {
  /** Actions of one person that are closer together than this belong to one sitting. */
  public static final Duration SITTING = Duration.ofMinutes(15);

  /** Time added to each sitting for reading before its first action. */
  public static final Duration READING = Duration.ofMinutes(5);

  /** Computes the productivity of one campaign. */
  public static Productivity of(CampaignState state) {
    List<Attempt> failed =
        state.attempts().values().stream().filter(CampaignSummary::failed).toList();
    return new Productivity(
        1,
        state.touches().size(),
        attendedMinutes(state.touches()),
        failed.size(),
        (int) failed.stream().filter(failure -> isResolvedAlone(state, failure)).count(),
        GpuHours.hours(state.settledMicros()),
        state.verdict().filter(v -> v.kind() == Verdict.Kind.CONFIRMED).isPresent() ? 1 : 0);
  }

  /** Adds up the productivity of several campaigns. */
  public static Productivity of(Collection<CampaignState> states) {
    return states.stream()
        .map(Productivity::of)
        .reduce(new Productivity(0, 0, 0, 0, 0, 0, 0), Productivity::plus);
  }

  private Productivity plus(Productivity other) {
    return new Productivity(
        campaigns + other.campaigns,
        touches + other.touches,
        attendedMinutes + other.attendedMinutes,
        failures + other.failures,
        resolvedAlone + other.resolvedAlone,
        gpuHours + other.gpuHours,
        confirmedGains + other.confirmedGains);
  }

  /**
   * Estimates the time that people spent: actions of one person less than {@link #SITTING} apart
   * are one sitting, which lasts from its first to its last action plus {@link #READING}.
   */
  static double attendedMinutes(List<Touch> touches) {
    Map<String, List<Touch>> byPerson =
        touches.stream()
            .sorted(Comparator.comparing(Touch::at))
            .collect(Collectors.groupingBy(Touch::by, TreeMap::new, Collectors.toList()));
    double seconds = 0;
    for (List<Touch> actions : byPerson.values()) {
      Optional<Instant> before = Optional.empty();
      for (Touch action : actions) {
        Duration since = before.map(at -> Duration.between(at, action.at())).orElse(SITTING);
        seconds += (since.compareTo(SITTING) < 0 ? since : READING).toMillis() / 1000.0;
        before = Optional.of(action.at());
      }
    }
    return seconds / 60;
  }

  private static boolean isResolvedAlone(CampaignState state, Attempt failure) {
    Instant failedAt = failure.outcome().orElseThrow().finishedAt();
    return state.attempts().values().stream()
        .filter(attempt -> repairs(attempt, failure.key()))
        .flatMap(attempt -> attempt.outcome().stream())
        .filter(outcome -> outcome.status() == RunStatus.OK)
        .anyMatch(
            outcome ->
                state.touches().stream()
                    .map(Touch::at)
                    .noneMatch(at -> at.isAfter(failedAt) && at.isBefore(outcome.finishedAt())));
  }

  /** Returns whether an attempt is a retry of the failed one or runs the arm that repairs it. */
  static boolean repairs(Attempt attempt, TrialKey failed) {
    return attempt.key().trialId().equals(failed.trialId())
        ? attempt.key().attempt() > failed.attempt()
        : attempt.trial().amends().filter(failed.trialId()::equals).isPresent();
  }

  /** Returns touches per confirmed gain; empty without a confirmed gain. */
  public OptionalDouble touchesPerConfirmedGain() {
    return per(touches);
  }

  /** Returns GPU-hours per confirmed gain; empty without a confirmed gain. */
  public OptionalDouble gpuHoursPerConfirmedGain() {
    return per(gpuHours);
  }

  /** Returns attended minutes per confirmed gain; empty without a confirmed gain. */
  public OptionalDouble attendedMinutesPerConfirmedGain() {
    return per(attendedMinutes);
  }

  /** Returns the share of failures that were resolved alone; empty without failures. */
  public OptionalDouble shareResolvedAlone() {
    return failures == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) resolvedAlone / failures);
  }

  private OptionalDouble per(double total) {
    return confirmedGains == 0 ? OptionalDouble.empty() : OptionalDouble.of(total / confirmedGains);
  }

  /** Returns in words what became of a failure after its diagnosis. */
  public static String aftermath(CampaignState state, Diagnosed diagnosis) {
    TrialKey key = new TrialKey(state.campaignId(), diagnosis.trialId(), diagnosis.attempt());
    Attempt failure = state.attempts().get(key);
    if (failure == null || failure.outcome().isEmpty()) {
      return "";
    }
    List<Attempt> repairs =
        state.attempts().values().stream().filter(attempt -> repairs(attempt, key)).toList();
    if (repairs.stream()
        .anyMatch(r -> r.outcome().filter(o -> o.status() == RunStatus.OK).isPresent())) {
      return isResolvedAlone(state, failure)
          ? "resolved, nobody was asked"
          : "resolved with a person";
    }
    return repairs.stream().anyMatch(Attempt::isOpen)
        ? "being repaired"
        : repairs.isEmpty() ? "the campaign went on without it" : "the repair failed as well";
  }
}
