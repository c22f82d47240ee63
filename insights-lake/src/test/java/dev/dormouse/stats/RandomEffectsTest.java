package dev.dormouse.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RandomEffectsTest {
  /**
   * Thirteen trials of the BCG vaccine (Colditz et al. 1994; data set dat.bcg of R's metafor): log
   * risk ratio and its sampling variance.
   */
  private static final double[] EFFECTS = {
    -0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713,
    -0.3394, 0.4459, -0.0173
  };

  private static final double[] VARIANCES = {
    0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325,
    0.0714
  };

  /** Expected values: the published formulas solved with scipy 1 (brentq, stats.t). */
  @Test
  void poolsThePublishedVaccineTrialsAsTheReferenceDoes() {
    RandomEffects pooled = RandomEffects.pool(EFFECTS, VARIANCES);

    assertThat(pooled.tau() * pooled.tau()).isCloseTo(0.3180824, within(1e-6));
    assertThat(pooled.mean().mean()).isCloseTo(-0.7149703, within(1e-6));
    assertThat(pooled.mean().low()).isCloseTo(-1.1091056, within(1e-6));
    assertThat(pooled.mean().high()).isCloseTo(-0.3208350, within(1e-6));
    assertThat(pooled.predictionLow().orElseThrow()).isCloseTo(-2.0185878, within(1e-6));
    assertThat(pooled.predictionHigh().orElseThrow()).isCloseTo(0.5886472, within(1e-6));
    assertThat(pooled.pValue()).isCloseTo(0.0019194, within(1e-6));
    assertThat(pooled.pPositive()).isCloseTo(0.1263490, within(1e-6));
  }

  @Test
  void agreeingSlicesHaveNoSpreadAndAnIntervalOfTheirKnownVariances() {
    RandomEffects pooled =
        RandomEffects.pool(new double[] {2, 2, 2, 2}, new double[] {0.04, 0.04, 0.04, 0.04});

    assertThat(pooled.tau()).isZero();
    double half = Samples.tQuantile(3) * 0.1;
    assertThat(pooled.mean().low()).isCloseTo(2 - half, within(1e-9));
    assertThat(pooled.mean().high()).isCloseTo(2 + half, within(1e-9));
  }

  @Test
  void predictsNothingForANewSliceFromOneOrTwo() {
    RandomEffects one = RandomEffects.pool(new double[] {1}, new double[] {0.25});
    RandomEffects two = RandomEffects.pool(new double[] {1, 2}, new double[] {0.25, 0.25});

    assertThat(one.mean().low()).isCloseTo(1 - 1.959964 * 0.5, within(1e-6));
    assertThat(one.predictionLow()).isEmpty();
    assertThat(two.predictionLow()).isEmpty();
  }

  @Test
  void refusesToPoolNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RandomEffects.pool(new double[0], new double[0]));
  }
}
