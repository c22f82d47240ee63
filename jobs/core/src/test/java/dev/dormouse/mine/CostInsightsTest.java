package dev.dormouse.mine;

import static dev.dormouse.mine.FactFixture.step;
import static dev.dormouse.mine.FactFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.mine.Pooling.TestResult;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class CostInsightsTest {
  /** A tested step, one slice of four pairs for each cost ratio. */
  private static TestResult costing(double... ratios) {
    List<Fact> slices =
        DoubleStream.of(ratios)
            .mapToObj(
                ratio ->
                    with(
                        step("a", "DCN", "k", "8", "16", 0.01),
                        Map.of("log_cost_ratio", Math.log(ratio))))
            .toList();
    return FactFixture.result(slices, 0.01, 0.01, 0.01, 0.5);
  }

  @Test
  void poolsCostRatiosOnTheLogarithmicScale() {
    Insight insight = FactFixture.insight(CostInsights.of(List.of(costing(2, 2))).get(0));
    Effect effect = insight.effect().orElseThrow();

    assertThat(insight.kind()).isEqualTo(Insight.Kind.COST);
    assertThat(insight.metric()).isEqualTo("cost_gpu_hours");
    assertThat(effect.mean()).isCloseTo(2, within(1e-9));
    // Least variance of a pair 0.01, of a slice 0.01 / 4, of the mean of two 0.01 / 8: standard
    // error 0.03536. Student's t of one degree of freedom is 12.706: the half interval is 0.4492,
    // and 2 * exp(-0.4492) = 1.276, 2 * exp(0.4492) = 3.134.
    assertThat(effect.low()).isCloseTo(1.276, within(1e-3));
    assertThat(effect.high()).isCloseTo(3.134, within(1e-3));
    assertThat(effect.nPairs()).isEqualTo(8);
    assertThat(effect.sharePositive()).isEqualTo(1);
    assertThat(insight.statement())
        .isEqualTo(
            "k 8 -> 16: cost x2.00 [x1.28, x3.13] in 2 (study, model) slices (costs partly"
                + " estimated)");
  }

  @Test
  void aRatioNearOneOneSliceOrAnIntervalAroundOneIsNotReported() {
    assertThat(CostInsights.of(List.of(costing(1.1, 1.1, 1.1)))).isEmpty();
    assertThat(CostInsights.of(List.of(costing(2)))).isEmpty();
    // The geometric mean is 2, but 0.5 and 8 are sixteenfold apart.
    assertThat(CostInsights.of(List.of(costing(0.5, 8)))).isEmpty();
  }

  @Test
  void aCheaperStepIsReportedToo() {
    Effect effect =
        FactFixture.insight(CostInsights.of(List.of(costing(0.25, 0.25))).get(0))
            .effect()
            .orElseThrow();

    assertThat(effect.mean()).isCloseTo(0.25, within(1e-9));
    assertThat(effect.sharePositive()).isZero();
  }
}
