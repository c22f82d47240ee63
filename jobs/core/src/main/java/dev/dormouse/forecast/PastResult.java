package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import java.util.OptionalDouble;

/**
 * The result of a past run.
 *
 * @param study only runs of the same study may be compared
 * @param arm what was trained
 * @param value the metric, oriented so that higher is better; empty if the run failed
 */
public record PastResult(String study, Arm arm, OptionalDouble value) {}
