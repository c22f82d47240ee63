package dev.dormouse.summary;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Results;
import dev.dormouse.campaign.RunOutcome;
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
 * The results of a campaign so far, by arm, on the validation split. Pure.
 *
 * @param baseline mean of the baseline over the seeds of its phase with a t interval; empty before
 *     its first run has finished
 * @param seeds number of seeds behind that mean
 * @param noiseSd seed noise: standard deviation of the baseline over these seeds; empty below two
 * @param arms every arm but the baseline that the search phases tried, in order of intent
 */
public record CampaignResults(
    Optional<Estimate> baseline, int seeds, OptionalDouble noiseSd, List<ArmResult> arms) {

  public CampaignResults {
    arms = List.copyOf(arms);
  }

  /** Computes the results from a campaign's state. */
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

  /** Returns the mean of oriented values in the sign that the trainer writes. */
  private static Estimate asWritten(CampaignSpec spec, double[] oriented) {
    double[] values =
        Arrays.stream(oriented).map(value -> spec.objective().gain(value, 0)).toArray();
    return Samples.meanWithInterval(values);
  }

  /**
   * Returns the arm with the highest mean gain, even if it is negative; empty before any result.
   */
  public Optional<ArmResult> best() {
    return arms.stream()
        .filter(arm -> arm.gain().isPresent())
        .max(
            Comparator.<ArmResult>comparingDouble(arm -> arm.gain().orElseThrow().mean())
                .thenComparing(arm -> arm.arm().configId()));
  }

  /** Returns whether an attempt belongs to the search: neither baseline nor confirmation. */
  public static boolean isSearch(CampaignSpec spec, Attempt attempt) {
    return attempt.trial().phase() != Phase.CONFIRMATION
        && !attempt.trial().arm().equals(spec.baseline())
        && !attempt.released();
  }

  /** Returns the changes of an arm against the baseline as text. */
  public static String what(CampaignSpec spec, Arm arm) {
    String changes =
        arm.changesFrom(spec.baseline()).stream()
            .map(Object::toString)
            .collect(Collectors.joining(", "));
    return changes.isEmpty() ? "baseline" : changes;
  }

  private static ArmResult arm(
      CampaignSpec spec, double[] baseline, Arm arm, List<Attempt> attempts) {
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
        ArmResult.Origin.of(attempts.get(0).trial()),
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
   * Returns the mean gain with the t interval of a difference of two means. The noise is that of
   * the baseline, since most arms have one seed; the interval is unbounded while the noise is
   * unknown.
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
