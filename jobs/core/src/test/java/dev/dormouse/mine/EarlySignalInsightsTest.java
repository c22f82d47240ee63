package dev.dormouse.mine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EarlySignalInsightsTest {
  private static Fact curve(String study, int evaluation, double correlation, double runs) {
    return FactFixture.fact(
        Kind.CURVE,
        study,
        "",
        List.of(),
        List.of(),
        List.of(Integer.toString(evaluation)),
        Map.of("correlation", correlation, "n", runs));
  }

  private static List<Insight> insights(Fact... facts) {
    return EarlySignalInsights.of(List.of(facts)).stream().map(FactFixture::insight).toList();
  }

  @Test
  void givesTheRankCorrelationOfAStudyWithItsInterval() {
    List<Insight> insights = insights(curve("a", 2, 0.8, 23));

    assertThat(insights).hasSize(1);
    Effect effect = insights.get(0).effect().orElseThrow();
    assertThat(insights.get(0).conditions()).isEqualTo(Map.of("study", "a", "evaluation", "2"));
    assertThat(effect.mean()).isCloseTo(0.8, within(1e-9));
    // atanh(0.8) = 1.0986, its variance (1 + 0.64 / 2) / (23 - 3) = 0.066, 1.96 standard deviations
    // are 0.5035: tanh(0.5951) = 0.534, tanh(1.6021) = 0.922.
    assertThat(effect.low()).isCloseTo(0.534, within(1e-3));
    assertThat(effect.high()).isCloseTo(0.922, within(1e-3));
    assertThat(effect.nPairs()).isEqualTo(23);
  }

  @Test
  void poolsStudiesAndLeavesOutThoseOfFewRunsByThemselves() {
    List<Insight> insights = insights(curve("a", 1, 0.6, 19), curve("b", 1, 0.6, 40));

    assertThat(insights)
        .extracting(insight -> insight.conditions().getOrDefault("study", "all"))
        .containsExactly("b", "all");
    // Both correlate by 0.6, so does their mean; 19 + 40 runs.
    assertThat(insights.get(1).effect().orElseThrow().mean()).isCloseTo(0.6, within(1e-9));
    assertThat(insights.get(1).effect().orElseThrow().nPairs()).isEqualTo(59);
    assertThat(insights.get(1).statement()).startsWith("all studies: after evaluation 1");
  }

  @Test
  void onlyEvaluationsThatArePowersOfTwoAreReported() {
    assertThat(
            insights(
                curve("a", 0, 0.5, 30),
                curve("a", 3, 0.5, 30),
                curve("a", 4, 0.5, 30),
                curve("a", 6, 0.5, 30)))
        .extracting(insight -> insight.conditions().get("evaluation"))
        .containsExactly("0", "4");
  }
}
