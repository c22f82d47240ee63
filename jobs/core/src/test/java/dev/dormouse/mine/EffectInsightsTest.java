package dev.dormouse.mine;

import static dev.dormouse.mine.FactFixture.insight;
import static dev.dormouse.mine.FactFixture.step;
import static dev.dormouse.mine.FactFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Step;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EffectInsightsTest {
  /** Nothing is measured: the seed noise is assumed. */
  private static final Noise NOISE = Noise.of(List.of());

  private static List<Insight> insights(List<Fact> facts) {
    return EffectInsights.of(facts, NOISE).findings().stream().map(FactFixture::insight).toList();
  }

  @Test
  void poolsTheSlicesOfAStepOverStudiesAndModels() {
    List<Fact> facts =
        List.of(
            step("a", "DCN", "k", "8", "16", 0.01),
            step("a", "DNN", "k", "8", "16", 0.01),
            step("b", "DCN", "k", "8", "16", 0.01));

    Insight insight = insights(facts).get(0);
    Effect effect = insight.effect().orElseThrow();

    assertThat(insight.kind()).isEqualTo(Insight.Kind.EFFECT);
    assertThat(insight.parameters()).containsExactly("k");
    assertThat(insight.step()).isEqualTo(new Step.FromTo("8", "16"));
    assertThat(insight.studies()).containsExactly("a", "b");
    assertThat(insight.modelVariants()).containsExactly("DCN", "DNN");
    assertThat(insight.evidence()).containsExactly("run-1", "run-2");
    // All slices gain 0.01, so does any weighted mean of them.
    assertThat(effect.plain()).isCloseTo(0.01, within(1e-9));
    // Three slices of four pairs, all of which gained.
    assertThat(effect.nPairs()).isEqualTo(12);
    assertThat(effect.nSlices()).isEqualTo(3);
    assertThat(effect.nStudies()).isEqualTo(2);
    assertThat(insight.statement())
        .startsWith("k 8 -> 16: ")
        .contains("100% of 12 pairs in 3 (study, model) slices of 2 studies; q ");
  }

  @Test
  void aStepOfFewerThanThreePairsIsNotTested() {
    Fact two = with(step("a", "DCN", "k", "8", "16", 0.01), Map.of("n_pairs", 2.0, "n_up", 2.0));

    assertThat(insights(List.of(two))).isEmpty();
    assertThat(insights(List.of(two, two))).hasSize(1);
  }

  @Test
  void aFactorFromASingleValueRepeatsTheStepBetweenTwoValues() {
    Fact single =
        with(
            step("a", "DCN", "k", "", "x2.00", 0.01),
            Map.of("lowest_from", 8.0, "highest_from", 8.0));
    Fact several = with(single, Map.of("highest_from", 16.0));

    assertThat(insights(List.of(single))).isEmpty();
    assertThat(insights(List.of(several)))
        .extracting(Insight::step)
        .containsExactly(new Step.Factor(new BigDecimal("2.00")));
    assertThat(insights(List.of(several)).get(0).statement()).startsWith("k x2.00: ");
  }

  @Test
  void aGainBelowTheSeedNoiseIsNotDistinguishable() {
    // Assumed seed noise is 0.001; the mean of 0.0002 and -0.0002 is 0.
    List<Fact> facts =
        List.of(
            step("a", "DCN", "k", "8", "16", 0.0002), step("b", "DCN", "k", "8", "16", -0.0002));

    assertThat(insights(facts).get(0).statement()).endsWith("not distinguishable from seed noise");
  }

  @Test
  void saysWhenAllPairsAreOfDifferentSweeps() {
    List<Fact> facts =
        Stream.of("a", "b")
            .map(study -> with(step(study, "DCN", "k", "8", "16", 0.01), Map.of("crosses", 1.0)))
            .toList();

    assertThat(insights(facts).get(0).statement())
        .endsWith(" (always between sweeps, whose own differences the interval allows for)");
    assertThat(insight(EffectInsights.of(facts.subList(0, 1), NOISE).findings().get(0)).studies())
        .containsExactly("a");
  }
}
