package dev.dormouse.caution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.ForecastOutcome;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SourceCautionsTest {
  @Test
  void eachSourceIsShownWithItsRecord() {
    assertThat(
            SourceCautions.of(
                    List.of(
                        outcome("research", OptionalDouble.of(-0.002)),
                        outcome("history", OptionalDouble.of(0.002)),
                        outcome("history", OptionalDouble.of(0.009)),
                        outcome("history", OptionalDouble.empty())))
                .text())
        .isEqualTo(
            "Of earlier hypotheses gained: history 2 of 3 (80% intervals held 1 of 2); research 0 of"
                + " 1 (80% intervals held 0 of 1).");
    assertThat(SourceCautions.of(List.of()).text()).contains("is unknown");
  }

  @Test
  void aMeanChangedIfItsIntervalLeavesOutZero() {
    Estimate change =
        MeanChange.between(new double[] {0.70, 0.71}, new double[] {0.80, 0.81}).orElseThrow();
    assertThat(change.mean()).isCloseTo(0.1, within(1e-12));
    assertThat(MeanChange.isClear(change)).isTrue();
    assertThat(
            MeanChange.between(new double[] {0.70, 0.80}, new double[] {0.71, 0.81})
                .filter(MeanChange::isClear))
        .isEmpty();
    assertThat(MeanChange.between(new double[] {0.7}, new double[] {0.8, 0.9})).isEmpty();
  }

  private static ForecastOutcome outcome(String source, OptionalDouble gain) {
    return new ForecastOutcome(source, 0.001, 0.002, 0.003, 0.1, gain);
  }
}
