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
 */
public record EvaluatedTrial(Arm arm, Phase phase, OptionalDouble value) {}
