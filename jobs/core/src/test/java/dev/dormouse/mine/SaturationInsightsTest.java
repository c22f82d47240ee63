package dev.dormouse.mine;

import static dev.dormouse.mine.FactFixture.result;
import static dev.dormouse.mine.FactFixture.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.mine.Pooling.TestResult;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class SaturationInsightsTest {
  /** A step of eight pairs with this gain and half interval. */
  private static TestResult gains(String from, String to, double mean, double half, double q) {
    return result(
        List.of(step("a", "DCN", "k", from, to, mean), step("b", "DCN", "k", from, to, mean)),
        mean,
        mean - half,
        mean + half,
        q);
  }

  @Test
  void findsTheValueFromWhichMoreHelpsNoFurther() {
    // Up to 16 a doubling gains 0.010 +- 0.002, then 0.000 +- 0.002. The difference of 0.010 has a
    // standard deviation of 0.002 / 1.96 * sqrt(2) = 0.0014: seven of them.
    List<Finding> findings =
        SaturationInsights.of(
            List.of(gains("8", "16", 0.010, 0.002, 0.001), gains("16", "32", 0.000, 0.002, 0.9)));

    assertThat(findings).hasSize(1);
    Insight insight = FactFixture.insight(findings.get(0));
    assertThat(insight.kind()).isEqualTo(Insight.Kind.SATURATION);
    assertThat(insight.step()).isEqualTo(new Step.FromTo("16", "32"));
    assertThat(insight.statement())
        .isEqualTo(
            "k: more helps up to 16 and no further: +0.0100 auc [+0.0080, +0.0120] for 8 -> 16,"
                + " but +0.0000 auc [-0.0020, +0.0020] for 16 -> 32");
  }

  @Test
  void aParameterOfWhichLessHelpsIsFollowedDownwards() {
    // From 32 to 16 gains 0.010, from 16 to 8 loses 0.001 +- 0.002.
    List<Finding> findings =
        SaturationInsights.of(
            List.of(gains("8", "16", 0.001, 0.002, 0.9), gains("16", "32", -0.010, 0.002, 0.001)));

    assertThat(findings).hasSize(1);
    Insight insight = FactFixture.insight(findings.get(0));
    assertThat(insight.statement()).startsWith("k: less helps down to 16 and no further: +0.0100");
    assertThat(insight.step()).isEqualTo(new Step.FromTo("16", "8"));
    // Turned round: the gain of going down, with its interval and probability.
    assertThat(insight.effect().orElseThrow().mean()).isCloseTo(-0.001, within(1e-12));
    assertThat(insight.effect().orElseThrow().low()).isCloseTo(-0.003, within(1e-12));
    assertThat(insight.effect().orElseThrow().high()).isCloseTo(0.001, within(1e-12));
    assertThat(insight.effect().orElseThrow().pGain()).isCloseTo(1 - 0.9, within(1e-12));
  }

  @Test
  void aNextStepThatMayHelpAsMuchIsNoSaturation() {
    // 0.009 +- 0.010 includes zero, but is hardly less than 0.010.
    assertThat(
            SaturationInsights.of(
                List.of(
                    gains("8", "16", 0.010, 0.002, 0.001), gains("16", "32", 0.009, 0.010, 0.5))))
        .isEmpty();
  }

  @Test
  void aParameterThatIsNotEstablishedToHelpIsNotFollowed() {
    assertThat(
            SaturationInsights.of(
                List.of(gains("8", "16", 0.010, 0.002, 0.5), gains("16", "32", 0.000, 0.002, 0.9))))
        .isEmpty();
  }
}
