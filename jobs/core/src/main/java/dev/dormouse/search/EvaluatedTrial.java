package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Phase;
import dev.dormouse.model.RunStatus;
import java.util.OptionalDouble;

/**
 * A finished trial of this campaign, as the planner sees it.
 *
 * @param arm what was trained
 * @param phase the phase that asked for it
 * @param seed its seed
 * @param status how it ended
 * @param value the objective's metric turned so that higher is better; empty if there is no usable
 *     one
 */
public record EvaluatedTrial(
    Arm arm, Phase phase, long seed, RunStatus status, OptionalDouble value) {}
