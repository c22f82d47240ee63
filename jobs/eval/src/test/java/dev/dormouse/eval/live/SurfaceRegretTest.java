package dev.dormouse.eval.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SurfaceRegretTest {
  @Test
  void isOneAtTheBaselineAndNoneAtTheHighestPoint() {
    List<Double> curve = new SurfaceRegret(0.8, 0.7).curve(List.of(0.7, 0.6, 0.75, 0.8), 4);

    assertThat(curve.get(0)).isEqualTo(1, within(1e-9));
    assertThat(curve.get(1)).isEqualTo(1, within(1e-9));
    assertThat(curve.get(2)).isEqualTo(0.5, within(1e-9));
    assertThat(curve.get(3)).isEqualTo(0, within(1e-9));
  }

  @Test
  void staysWhereASearchEndedEarlyAndIsNeverBelowZero() {
    assertThat(new SurfaceRegret(0.8, 0.7).curve(List.of(0.7, 0.81), 4))
        .hasSize(4)
        .endsWith(0.0, 0.0, 0.0);
  }

  @Test
  void averagesStepByStep() {
    assertThat(SurfaceRegret.mean(List.of(List.of(1.0, 0.5), List.of(1.0, 0.0))))
        .containsExactly(1.0, 0.25);
  }

  @Test
  void refusesABaselineThatCannotBeImproved() {
    assertThatThrownBy(() -> new SurfaceRegret(0.7, 0.7)).hasMessageContaining("above");
  }
}
