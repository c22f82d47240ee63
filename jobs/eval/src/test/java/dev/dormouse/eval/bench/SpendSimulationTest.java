package dev.dormouse.eval.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpendSimulationTest {
  @Test
  void inSimulatedWorldsNoBillExceedsACap() {
    SpendSimulation.Result result = SpendSimulation.run(1, 500);
    assertThat(result.overspent()).isZero();
    assertThat(result.askedTwice()).isZero();
    assertThat(result.calls()).isGreaterThan(500);
    assertThat(result.unknown()).isPositive();
    assertThat(result.refused()).isPositive();
  }
}
