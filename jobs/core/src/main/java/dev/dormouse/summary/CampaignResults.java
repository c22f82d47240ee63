package dev.dormouse.summary;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Results;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.RunStatus;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What a campaign has measured so far, arm by arm, on the validation split. Pure.
 *
 * @param baseline mean of the baseline over the seeds of its phase with a t interval; empty before
 *     its first run has finished
 * @param seeds how many seeds that mean rests on
 * @param noiseSd seed noise: standard deviation of the baseline over these seeds; empty below two
 * @param arms every arm but the baseline that the search phases tried, in order of intent
 */
public record CampaignResults(
    Optional<Estimate> baseline, int seeds, OptionalDouble noiseSd, List<ArmResult> arms) {

  public CampaignResults {
    arms = List.copyOf(arms);
  }

  /** The results in a campaign's state. */
  public static CampaignResults of(CampaignState state) {
    return state
        .spec()
        .map(spec -> of(state, spec))
        .orElseGet(
            () -> new CampaignResults(Optional.empty(), 0, OptionalDouble.empty(), List.of()));
  }

  private static CampaignResults of(CampaignState state, CampaignSpec spec) {
    double[] control = Results.baselineValues(state, spec);
    Map<Arm, List<Attempt>> byArm =
        state.attempts().values().stream()
            .filter(attempt -> isSearch(spec, attempt))
            .collect(
                Collectors.groupingBy(
                    attempt -> attempt.trial().arm(), LinkedHashMap::new, Collectors.toList()));
    List<ArmResult> arms = new ArrayList<>();
    byArm.forEach((arm, attempts) -> arms.add(arm(spec, control, arm, attempts)));
    return new CampaignResults(
        control.length == 0 ? Optional.empty() : Optional.of(asWritten(spec, control)),
        control.length,
        noise(control),
        arms);
  }

  /** The mean of oriented values, as the trainer writes the metric. */
  private static Estimate asWritten(CampaignSpec spec, double[] oriented) {
    double[] values =
        Arrays.stream(oriented).map(value -> spec.objective().gain(value, 0)).toArray();
    return Samples.meanWithInterval(values);
  }

  /** The arm with the highest mean gain, whether above 0 or not; empty before there is any. */
  public Optional<ArmResult> best() {
    return arms.stream()
        .filter(arm -> arm.gain().isPresent())
        .max(
            Comparator.<ArmResult>comparingDouble(arm -> arm.gain().orElseThrow().mean())
                .thenComparing(arm -> arm.arm().configId()));
  }

  /** Whether an attempt tries something new: not the baseline, and not its confirmation. */
  public static boolean isSearch(CampaignSpec spec, Attempt attempt) {
    return attempt.trial().phase() != Phase.CONFIRMATION
        && !attempt.trial().arm().equals(spec.baseline())
        && !attempt.released();
  }

  /** The changes of an arm against the baseline, for people. */
  public static String what(CampaignSpec spec, Arm arm) {
    String changes =
        arm.changesFrom(spec.baseline()).stream()
            .map(Object::toString)
            .collect(Collectors.joining(", "));
    return changes.isEmpty() ? "baseline" : changes;
  }

  private static ArmResult arm(
      CampaignSpec spec, double[] baseline, Arm arm, List<Attempt> attempts) {
    TrialSpec first = attempts.get(0).trial();
    List<Double> gains =
        baseline.length == 0
            ? List.of()
            : attempts.stream()
                .flatMapToDouble(attempt -> Results.value(spec, attempt).stream())
                .map(value -> value - Samples.mean(baseline))
                .boxed()
                .toList();
    return new ArmResult(
        arm,
        arm.changesFrom(spec.baseline()),
        first.phase(),
        first.source(),
        first.hypothesisId(),
        first.predictedGain(),
        gains,
        gains.isEmpty() ? Optional.empty() : Optional.of(meanGain(baseline, gains)),
        attempts.stream()
            .flatMap(attempt -> attempt.outcome().stream())
            .map(RunOutcome::status)
            .filter(status -> status != RunStatus.OK)
            .toList(),
        (int) attempts.stream().filter(Attempt::isOpen).count());
  }

  private static OptionalDouble noise(double[] baseline) {
    return baseline.length < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.sqrt(Samples.variance(baseline)));
  }

  /**
   * Mean gain with the t interval of a difference of two means, the noise taken from the baseline
   * alone since an arm in search mostly has one seed; unbounded while that noise is unknown.
   */
  private static Estimate meanGain(double[] baseline, List<Double> gains) {
    double mean = Samples.mean(gains.stream().mapToDouble(Double::doubleValue).toArray());
    double half =
        baseline.length < 2
            ? Double.POSITIVE_INFINITY
            : Samples.tQuantile(baseline.length - 1)
                * noise(baseline).getAsDouble()
                * Math.sqrt(1.0 / gains.size() + 1.0 / baseline.length);
    return new Estimate(mean, mean - half, mean + half);
  }
}
