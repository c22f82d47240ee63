package dev.dormouse.summary;

import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.Phase;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import dev.dormouse.stats.Estimate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the search phases (all but confirmation) measured of one arm.
 *
 * @param arm the configuration that was trained
 * @param changes its differences from the baseline
 * @param gains gain of every finished full training over the baseline's mean, in metric units
 * @param gain mean of these gains with a 95% interval from the baseline's seed noise; empty without
 *     any
 * @param failures how its failed runs ended
 * @param open number of attempts that may still be running
 */
public record ArmResult(
    Arm arm,
    List<Change> changes,
    Origin origin,
    List<Double> gains,
    Optional<Estimate> gain,
    List<RunStatus> failures,
    int open) {

  /**
   * Where an arm comes from.
   *
   * @param phase the phase that tried it first
   * @param source the source that proposed it first, if any
   * @param hypothesisId the planned hypothesis that it tests, if any
   * @param predictedGain the gain forecast before it ran, in metric units, if there was a forecast
   */
  public record Origin(
      Phase phase,
      Optional<Source> source,
      Optional<String> hypothesisId,
      Optional<Double> predictedGain) {

    static Origin of(TrialSpec trial) {
      return new Origin(trial.phase(), trial.source(), trial.hypothesisId(), trial.predictedGain());
    }
  }

  public ArmResult {
    changes = List.copyOf(changes);
    gains = List.copyOf(gains);
    failures = List.copyOf(failures);
  }

  /** Returns its changes against the baseline as text. */
  public String what() {
    return changes.stream().map(Change::toString).collect(Collectors.joining(", "));
  }

  /** Returns the values that it changes to as text, which is shorter. */
  public String label() {
    return changes.stream()
        .map(c -> c.to().isEmpty() ? "no " + c.parameter() : c.parameter() + "=" + c.to())
        .collect(Collectors.joining(", "));
  }
}
