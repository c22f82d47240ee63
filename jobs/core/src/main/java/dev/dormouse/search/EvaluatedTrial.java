package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Phase;
import java.util.OptionalDouble;

/**
 * A finished trial of the campaign.
 *
 * @param arm what was trained
 * @param phase the phase that launched it
 * @param value the objective's metric, oriented so that higher is better; empty if the trial failed
 *     or was stopped early
 * @param expected what a trial that was stopped early would probably have ended with; empty for all
 *     others, and up to version 3 of the rules
 */
public record EvaluatedTrial(Arm arm, Phase phase, OptionalDouble value, OptionalDouble expected) {
  /** A trial that was not stopped early. */
  public EvaluatedTrial(Arm arm, Phase phase, OptionalDouble value) {
    this(arm, phase, value, OptionalDouble.empty());
  }
}
