package dev.dormouse.mine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailureInsightsTest {
  private static Fact failures(
      String study, Map<String, String> values, double failed, double runs, double expected) {
    List<String> names = values.keySet().stream().sorted().toList();
    return new Fact(
        study,
        Kind.FAILURE,
        "collapse",
        "DCN",
        names,
        List.of(),
        names.stream().map(values::get).toList(),
        Map.of("failed", failed, "n", runs, "expected", expected),
        List.of(1L));
  }

  @Test
  void aValueWithWhichRunsFailIsReportedWithItsRateShrunkTowardsTheExpectedOne() {
    List<Finding> findings =
        FailureInsights.of(
            List.of(
                failures("a", Map.of("lr", "1"), 9, 10, 2),
                failures("b", Map.of("lr", "1"), 9, 10, 2)));

    Insight insight = FactFixture.insight(findings.get(0));
    Effect effect = insight.effect().orElseThrow();
    assertThat(insight.kind()).isEqualTo(Insight.Kind.FAILURE);
    assertThat(insight.step()).isEqualTo(new Step.Value("1"));
    assertThat(insight.metric()).isEqualTo("collapse_rate");
    // 18 of 20 runs failed.
    assertThat(effect.plain()).isCloseTo(0.9, within(1e-12));
    // The expected rate is 4 / 20 = 0.2. The one value differs so much from it that it counts for
    // the least number of runs, 2: (0.2 * 2 + 18) / (2 + 20) = 0.836.
    assertThat(effect.mean()).isCloseTo(18.4 / 22, within(1e-9));
    assertThat(effect.nPairs()).isEqualTo(20);
    assertThat(effect.nStudies()).isEqualTo(2);
    // 0.836 / 0.2 = 4.18
    assertThat(insight.statement())
        .startsWith("lr = 1 (DCN): 18 of 20 runs collapsed or diverged; rate 0.84 [")
        .endsWith("4.2 times what their studies and models have");
  }

  @Test
  void aValueThatFailsAsExpectedIsNotReported() {
    assertThat(FailureInsights.of(List.of(failures("a", Map.of("lr", "1"), 4, 20, 4)))).isEmpty();
  }

  @Test
  void aSetThatFailsAsItsPartDoesIsLeftOut() {
    List<Finding> findings =
        FailureInsights.of(
            List.of(
                failures("a", Map.of("lr", "1"), 18, 20, 4),
                failures("a", Map.of("lr", "1", "k", "8"), 9, 10, 2)));

    assertThat(findings).hasSize(1);
    assertThat(FactFixture.insight(findings.get(0)).parameters()).containsExactly("lr");
  }

  @Test
  void aSetThatFailsWhereItsPartsHardlyDoIsReportedAsACondition() {
    // Each value fails in 100 of 400 runs where 80 are expected, both together in 100 of 100.
    List<Finding> findings =
        FailureInsights.of(
            List.of(
                failures("a", Map.of("lr", "1"), 100, 400, 80),
                failures("a", Map.of("k", "8"), 100, 400, 80),
                failures("a", Map.of("lr", "1", "k", "8"), 100, 100, 20)));

    assertThat(findings).hasSize(1);
    Insight insight = FactFixture.insight(findings.get(0));
    assertThat(insight.conditions()).isEqualTo(Map.of("k", "8", "lr", "1"));
    assertThat(insight.step()).isEqualTo(new Step.None());
    assertThat(insight.statement()).startsWith("k = 8 and lr = 1 (DCN): 100 of 100 runs");
  }
}
