package dev.dormouse.model;

/**
 * What past runs say of an arm before a campaign tries it.
 *
 * @param arm an arm of the campaign's search space
 * @param gain expected gain over the baseline in a new study, in metric units; from runs of other
 *     studies only
 * @param pFailure probability that a run crashes, diverges or collapses
 * @param costMicros expected cost of one run, in micro-GPU-hours
 */
public record ArmForecast(Arm arm, double gain, double pFailure, long costMicros) {}
