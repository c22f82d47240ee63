package dev.dormouse.campaign;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Optional;

/**
 * One evaluation of an arm by a campaign: arm x seed x fidelity.
 *
 * @param trialId unique in its campaign: derived from phase, arm and seed, so that the same
 *     decision made twice names the same trial
 * @param phase the phase it belongs to
 * @param arm what is trained
 * @param seed its random seed
 * @param fidelity share of the full training effort, above 0, at most 1
 * @param useTestSplit whether the trainer evaluates the test split as well (confirmation only)
 * @param hypothesisId the hypothesis it tests; empty for the baseline
 * @param source who proposed it; empty for the baseline
 * @param predictedGain the gain forecast before it ran, in metric units; empty without a forecast
 * @param amends id of the failed trial that it amends, if any
 */
@RecordBuilder
public record TrialSpec(
    String trialId,
    Phase phase,
    Arm arm,
    long seed,
    double fidelity,
    boolean useTestSplit,
    Optional<String> hypothesisId,
    Optional<Source> source,
    Optional<Double> predictedGain,
    Optional<String> amends) {

  /** Returns a builder of a trial with full training effort, on the validation split only. */
  static TrialSpecBuilder of(Phase phase, Arm arm, long seed) {
    return TrialSpecBuilder.builder()
        .trialId(id(phase, arm, seed))
        .phase(phase)
        .arm(arm)
        .seed(seed)
        .fidelity(1);
  }

  /** Returns the id of the trial of an arm with a seed in a phase. */
  public static String id(Phase phase, Arm arm, long seed) {
    return phase.prefix() + "-" + arm.configId() + "-s" + seed;
  }
}
