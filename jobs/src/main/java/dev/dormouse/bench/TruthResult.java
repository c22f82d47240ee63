package dev.dormouse.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How often the miner tells the truth on planted histories.
 *
 * @param lakes histories mined
 * @param effects of steps of single parameters that act alone
 * @param interactions of pairs of steps; only the reported ones are insights, so that coverage is
 *     that among the reported, and power is not known
 */
record TruthResult(int lakes, Kind effects, Kind interactions) {
  /**
   * One kind of insight.
   *
   * @param tested insights with a q-value
   * @param reported those below 0.1
   * @param falseDiscoveryRate share of the reported that is not there or has the other sign, mean
   *     over lakes
   * @param coverage share of 95% intervals that hold the truth
   * @param coverageReported the same among the reported
   * @param plainBias how much the reported are larger than the truth, before correction
   * @param bias the same after correction
   * @param biasReduction share of the bias that correction takes away
   * @param power share of true effects that is reported
   * @param powerLarge the same of true effects of at least 0.001
   */
  record Kind(
      long tested,
      long reported,
      @JsonProperty("false_discovery_rate") double falseDiscoveryRate,
      double coverage,
      @JsonProperty("coverage_reported") double coverageReported,
      @JsonProperty("plain_bias") double plainBias,
      double bias,
      @JsonProperty("bias_reduction") double biasReduction,
      double power,
      @JsonProperty("power_large") double powerLarge) {}
}
