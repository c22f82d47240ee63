package dev.dormouse.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TrendTest {
  @Test
  void ofFourPointsInOrderTwoOrdersOfTwentyFourAreAsExtreme() {
    Trend trend = Trend.of(new double[] {1, 2, 3, 4}, new double[] {10, 12, 13, 20});

    assertThat(trend.correlation()).isCloseTo(1, within(1e-12));
    assertThat(trend.pValue()).isCloseTo(2.0 / 24, within(1e-12));
  }

  @Test
  void oneOutlierDoesNotMakeTheSlope() {
    Trend trend =
        Trend.of(new double[] {0, 1, 2, 3, 4, 5, 6}, new double[] {0, 1, 2, 3, 400, 5, 6});

    assertThat(trend.slope().mean()).isCloseTo(1, within(1e-12));
    assertThat(trend.slope().low()).isLessThanOrEqualTo(1);
    assertThat(trend.slope().high()).isGreaterThanOrEqualTo(1);
  }

  /** scipy.stats.spearmanr of the same twelve points says so. */
  @Test
  void ofManyPointsThePValueIsStudents() {
    double[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    double[] y = {2, 1, 4, 3, 6, 5, 8, 7, 10, 12, 9, 11};

    Trend trend = Trend.of(x, y);

    assertThat(trend.correlation()).isCloseTo(0.9370629370629372, within(1e-9));
    assertThat(trend.pValue()).isCloseTo(6.9931649532105415e-06, within(1e-9));
  }

  @Test
  void twoPointsAreNoTrend() {
    assertThatThrownBy(() -> Trend.of(new double[] {1, 2}, new double[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
