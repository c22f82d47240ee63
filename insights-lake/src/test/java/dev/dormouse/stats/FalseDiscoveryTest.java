package dev.dormouse.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FalseDiscoveryTest {
  /**
   * The example of Benjamini and Hochberg (1995), adjusted with scipy's false_discovery_control.
   */
  @Test
  void adjustsThePublishedExampleInTheOrderGiven() {
    double[] q =
        FalseDiscovery.qValues(
            new double[] {
              1.0, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
              0.4262, 0.5719, 0.6528, 0.7590
            });

    assertThat(q)
        .containsExactly(
            new double[] {
              1.0, 0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.063857, 0.063857, 0.0645, 0.0765,
              0.486, 0.581182, 0.714875, 0.753231, 0.813214
            },
            within(1e-6));
  }

  @Test
  void aTestThatPromisesMoreNeedsLessEvidence() {
    double[] pValues = {0.01, 0.01, 0.5, 0.5};

    assertThat(FalseDiscovery.qValues(pValues, new double[] {4, 1, 1, 2}))
        .containsExactly(new double[] {0.02, 0.04, 1, 0.666667}, within(1e-6));
    assertThat(FalseDiscovery.qValues(pValues, new double[] {7, 7, 7, 7}))
        .containsExactly(FalseDiscovery.qValues(pValues), within(1e-12));
  }

  @Test
  void noTestsGiveNoRates() {
    assertThat(FalseDiscovery.qValues(new double[0])).isEmpty();
  }
}
