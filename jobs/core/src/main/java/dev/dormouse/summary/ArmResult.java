package dev.dormouse.summary;

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
 * What the search phases (all but confirmation) found out about one arm.
 *
 * @param arm what was trained
 * @param changes what sets it apart from the baseline
 * @param phase the phase that tried it first
 * @param source who proposed it first, if anyone did
 * @param hypothesisId the planned hypothesis that it tests, if it is one
 * @param predictedGain the gain forecast before it ran, in metric units, if there was a forecast
 * @param gains gain of every finished full training over the baseline's mean, in metric units
 * @param gain mean of these with a 95% interval from the baseline's seed noise; empty without any
 * @param failures how its failed runs ended
 * @param open attempts that may still be running
 */
public record ArmResult(
    Arm arm,
    List<Change> changes,
    Phase phase,
    Optional<Source> source,
    Optional<String> hypothesisId,
    Optional<Double> predictedGain,
    List<Double> gains,
    Optional<Estimate> gain,
    List<RunStatus> failures,
    int open) {

  public ArmResult {
    changes = List.copyOf(changes);
    gains = List.copyOf(gains);
    failures = List.copyOf(failures);
  }

  /** Its changes against the baseline, for people. */
  public String what() {
    return changes.stream().map(Change::toString).collect(Collectors.joining(", "));
  }

  /** The values that it changes to: shorter, for plots. */
  public String label() {
    return changes.stream()
        .map(c -> c.to().isEmpty() ? "no " + c.parameter() : c.parameter() + "=" + c.to())
        .collect(Collectors.joining(", "));
  }
}
