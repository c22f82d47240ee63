package dev.dormouse.mine;

import static dev.dormouse.mine.FactFixture.study;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScalingInsightsTest {
  /** Studies of 1,000, 10,000 ... examples, whose best values of the parameter are these. */
  private static List<Fact> bests(double... bests) {
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < bests.length; i++) {
      facts.add(study("s" + i, "d" + i, "v1", Map.of("train_samples", Math.pow(10, 3 + i))));
      facts.add(best("s" + i, bests[i]));
    }
    return facts;
  }

  private static Fact best(String study, double best) {
    return FactFixture.fact(
        Kind.BEST,
        study,
        "DCN",
        List.of("l2"),
        List.of(),
        List.of(),
        Map.of("best", best, "lowest_positive", 0.0001, "lowest", 0.0, "highest", 1.0));
  }

  private static List<Insight> insights(List<Fact> facts) {
    return ScalingInsights.of(facts, Study.of(facts)).stream().map(FactFixture::insight).toList();
  }

  @Test
  void findsThatTheBestValueFallsTenfoldWithTenTimesTheData() {
    Insight insight = insights(bests(1, 0.1, 0.01, 0.001)).get(0);
    Effect effect = insight.effect().orElseThrow();

    assertThat(insight.kind()).isEqualTo(Insight.Kind.SCALING);
    assertThat(insight.parameters()).containsExactly("l2");
    // The logarithm falls by 1 for each power of ten: so do all slopes between two points.
    assertThat(effect.mean()).isCloseTo(-1, within(1e-9));
    assertThat(effect.low()).isCloseTo(-1, within(1e-9));
    // 2 of 24 orders of four points are as extreme.
    assertThat(effect.qValue().orElseThrow()).isCloseTo(2.0 / 24, within(1e-9));
    assertThat(insight.statement())
        .isEqualTo(
            "l2: the best value is x0.10 [x0.10, x0.10] for each tenfold of training data, over 4"
                + " sizes (1.0e+03: 1.0, 1.0e+04: 0.10, 1.0e+05: 0.010, 1.0e+06: 0.0010)");
  }

  @Test
  void zeroCountsAsATenthOfTheSmallestPositiveValue() {
    // log10 of 0.0001 / 10 is -5: the slopes from -2 are -3 / 3, and all between are -1.
    Effect effect = insights(bests(0.01, 0.001, 0.0001, 0)).get(0).effect().orElseThrow();

    assertThat(effect.mean()).isCloseTo(-1, within(1e-9));
  }

  @Test
  void studiesOfOneSizeCountByTheirMedian() {
    List<Fact> facts = bests(1, 0.1, 0.01, 0.001);
    // The median of log10(0.1) = -1, -1 and 0 is -1: nothing changes.
    facts.add(study("again", "d1", "v1", Map.of()));
    facts.add(best("again", 0.1));
    facts.add(study("other", "d1", "v1", Map.of()));
    facts.add(best("other", 1));

    assertThat(insights(facts).get(0).effect().orElseThrow().mean()).isCloseTo(-1, within(1e-9));
    assertThat(insights(facts).get(0).effect().orElseThrow().nPairs()).isEqualTo(6);
  }

  @Test
  void threeSizesOrAConstantBestValueAreNotTested() {
    assertThat(insights(bests(1, 0.1, 0.01))).isEmpty();
    assertThat(insights(bests(0.1, 0.1, 0.1, 0.1))).isEmpty();
  }
}
