package dev.dormouse.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ShrinkageTest {
  /** Beta(9, 41) is the posterior of 7 in 30 under Beta(2, 18); quantiles from scipy.stats.beta. */
  @Test
  void aRateMovesTowardsItsPrior() {
    Estimate rate = Shrinkage.rate(7, 30, 0.1, 20);

    assertThat(rate.mean()).isCloseTo(0.18, within(1e-9));
    assertThat(rate.low()).isCloseTo(0.0875903, within(1e-6));
    assertThat(rate.high()).isCloseTo(0.2965714, within(1e-6));
  }

  @Test
  void anEffectKeepsOnlyItsReliableShare() {
    assertThat(Shrinkage.effect(0.004, 1e-6, 3e-6)).isCloseTo(0.003, within(1e-12));
    assertThat(Shrinkage.effect(0.004, 1e-6, 0)).isZero();
  }
}
