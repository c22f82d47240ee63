package dev.dormouse.eval.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalDouble;

/**
 * How often the miner tells the truth on planted histories.
 *
 * @param lakes histories mined
 * @param seed of the first one; each next one has the next
 * @param runs in all of them together
 * @param effects of steps of single parameters that act alone
 * @param interactions of pairs of steps; only the reported ones are insights, so that coverage is
 *     that among the reported
 */
public record TruthResult(int lakes, long seed, long runs, Kind effects, Kind interactions) {
  /**
   * One kind of insight. What nothing was seen of is empty.
   *
   * @param tested insights with a q-value
   * @param reported those below 0.1
   * @param falseDiscoveryRate share of the reported that is not there or has the other sign, mean
   *     over lakes
   * @param coverage share of 95% intervals that hold the truth
   * @param coverageReported the same among the reported
   * @param plainBias how much the reported are larger than the truth before correction, mean in
   *     units of the metric
   * @param bias the same after correction
   * @param biasReduction share of the bias that correction takes away
   * @param power share of what was planted that is reported: of steps whose effect is not 0, of
   *     pairs of parameters that interact
   * @param powerLarge the same of effects of at least 0.001
   */
  public record Kind(
      long tested,
      long reported,
      @JsonProperty("false_discovery_rate") double falseDiscoveryRate,
      OptionalDouble coverage,
      @JsonProperty("coverage_reported") OptionalDouble coverageReported,
      @JsonProperty("plain_bias") OptionalDouble plainBias,
      OptionalDouble bias,
      @JsonProperty("bias_reduction") OptionalDouble biasReduction,
      OptionalDouble power,
      @JsonProperty("power_large") OptionalDouble powerLarge) {}
}
