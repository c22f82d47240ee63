package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import java.util.OptionalDouble;

/**
 * A run of the past, as a prior needs it.
 *
 * @param study runs of one study may be compared, runs of two can't
 * @param arm what was trained
 * @param value higher is better; empty if it failed
 */
public record PastResult(String study, Arm arm, OptionalDouble value) {}
