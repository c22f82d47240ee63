package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.KnownArm;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A measured value of an arm, from the campaign or from earlier runs of its study.
 *
 * @param value oriented so that higher is better, in metric units
 * @param sd standard deviation of its error where that is larger than seed noise, else 0
 */
record Measured(Arm arm, double value, double sd) {
  /**
   * Returns the campaign's results, a failed run as the worst value, then what the study knew
   * before. That is known as gains over the baseline, so it counts from the baseline's first result
   * on.
   */
  static List<Measured> of(ProposalContext context) {
    double[] values = TrialValues.values(context.tried());
    List<Measured> measured = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      measured.add(new Measured(context.tried().get(i).arm(), values[i], 0));
    }
    OptionalDouble baseline = TrialValues.mean(context.tried(), context.spec().baseline());
    if (baseline.isPresent()) {
      for (KnownArm known : context.known()) {
        known
            .knownGain()
            .ifPresent(
                gain ->
                    measured.add(
                        new Measured(
                            known.arm(), baseline.getAsDouble() + gain, known.gainSd())));
      }
    }
    return measured;
  }
}
