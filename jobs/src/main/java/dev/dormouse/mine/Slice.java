package dev.dormouse.mine;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One parameter's step within one study and model variant.
 *
 * @param parameter the parameter
 * @param from value before; empty for a step in scale
 * @param to value after, or {@code x2} for a step in scale
 * @param metric the study's metric
 * @param study the study
 * @param modelVariant the model variant
 * @param gain mean gain of its pairs, oriented so that positive is better, in metric units
 * @param variance variance of the gain between its pairs
 * @param pairs number of pairs
 * @param positive pairs that gained
 * @param startingPoints distinct values before, for a step in scale
 * @param logCostRatio mean logarithm of cost after / cost before, if costs are known
 * @param evidence runs of some of its pairs
 */
record Slice(
    String parameter,
    String from,
    String to,
    String metric,
    String study,
    String modelVariant,
    double gain,
    double variance,
    long pairs,
    long positive,
    long startingPoints,
    OptionalDouble logCostRatio,
    List<String> evidence) {}
