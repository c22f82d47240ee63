package dev.dormouse.eval.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.OptionalDouble;

/**
 * How often mined insights about planted histories are true.
 *
 * @param lakes number of histories mined
 * @param seed of the first history; each next one adds 1
 * @param runs number of runs in all histories
 * @param effects of steps of single parameters
 * @param interactions of pairs of steps; only reported ones are insights, so that coverage is that
 *     among the reported
 */
public record TruthResult(int lakes, long seed, long runs, Kind effects, Kind interactions) {
  /**
   * One kind of insight; written as one flat JSON object.
   *
   * @param tested number of insights with a q-value
   * @param reported number of those with a q-value below 0.1
   * @param falseDiscoveryRate share of the reported insights that do not exist or have the other
   *     sign, mean over lakes
   */
  public record Kind(
      long tested,
      long reported,
      @JsonProperty("false_discovery_rate") double falseDiscoveryRate,
      @JsonUnwrapped Coverage coverage,
      @JsonUnwrapped Bias bias,
      @JsonUnwrapped Power power) {}

  /**
   * Shares of 95% intervals that contain the truth; empty without intervals.
   *
   * @param all of all tested insights
   * @param reported of the reported insights
   */
  public record Coverage(
      @JsonProperty("coverage") OptionalDouble all,
      @JsonProperty("coverage_reported") OptionalDouble reported) {}

  /**
   * Winner's bias of the reported insights, in units of the metric; empty without any.
   *
   * @param before how much they exceed the truth before correction, mean
   * @param after the same after correction
   * @param reduction share of the bias that the correction removes
   */
  public record Bias(
      @JsonProperty("plain_bias") OptionalDouble before,
      @JsonProperty("bias") OptionalDouble after,
      @JsonProperty("bias_reduction") OptionalDouble reduction) {}

  /**
   * Shares of what was planted that are reported: steps whose effect is not 0, pairs of parameters
   * that interact; empty if nothing was planted.
   *
   * @param all of all
   * @param large of effects of at least 0.001
   */
  public record Power(
      @JsonProperty("power") OptionalDouble all,
      @JsonProperty("power_large") OptionalDouble large) {}
}
