package dev.dormouse.mine;

import static dev.dormouse.mine.FactFixture.noise;
import static dev.dormouse.mine.FactFixture.step;
import static dev.dormouse.mine.FactFixture.study;
import static dev.dormouse.mine.FactFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoiseInsightsTest {
  private static List<Insight> insights(Fact... facts) {
    List<Fact> all = List.of(facts);
    return NoiseInsights.of(all, Study.of(all).values(), Noise.of(all)).stream()
        .map(FactFixture::insight)
        .toList();
  }

  @Test
  void aStudyThatRepeatsSeedsHasItsOwnNoise() {
    List<Insight> insights = insights(study("a", "ads", "v1", Map.of()), noise("a", 4e-6, 10));

    // Alone, it is moderated towards itself: sqrt(4e-6) = 0.002.
    assertThat(insights).hasSize(1);
    assertThat(insights.get(0).effect().orElseThrow().mean()).isCloseTo(0.002, within(1e-9));
    assertThat(insights.get(0).effect().orElseThrow().nPairs()).isEqualTo(10);
    assertThat(insights.get(0).statement())
        .isEqualTo(
            "seed noise of a: sd 0.00200 auc (0.00200 by its own 10 degrees of freedom, moderated"
                + " by other studies)");
  }

  @Test
  void aMetricOfWhichNoStudyRepeatsSeedsHasAnAssumedNoise() {
    List<Insight> insights = insights(study("a", "ads", "v1", Map.of()));

    assertThat(insights)
        .extracting(Insight::statement)
        .containsExactly(
            "no study repeats a configuration with another seed: seed noise of auc is taken to be"
                + " 0.0010, which nothing here confirms");
    assertThat(insights(study("a", "ads", "v1", Map.of("n_values", 0.0)))).isEmpty();
  }

  @Test
  void varianceBetweenSweepsIsModeratedTowardsTheMeanOverStudies() {
    Noise noise = Noise.of(List.of(rerun("a", 6e-6, 1), rerun("b", 2e-6, 3)));

    // (6e-6 * 1 + 2e-6 * 3) / 4 = 3e-6, which counts for 4 degrees of freedom.
    assertThat(noise.sweepVariance("c", "auc")).isCloseTo(3e-6, within(1e-12));
    // (6e-6 * 1 + 3e-6 * 4) / (1 + 4)
    assertThat(noise.sweepVariance("a", "auc")).isCloseTo(3.6e-6, within(1e-12));
    assertThat(noise.sweepVariance("a", "ndcg")).isZero();
  }

  @Test
  void aSliceIsAsPreciseAsItsPairsAreMany() {
    Noise noise = Noise.of(List.of(rerun("a", 3e-6, 1)));
    Fact slice = with(step("a", "DCN", "k", "8", "16", 0.01), Map.of("variance", 8e-6));
    SlicePrecision precision = new SlicePrecision(List.of(slice), noise);

    // Assumed seed variance 1e-6 times seed share 2 is 2e-6; the pairs vary by four times that,
    // with
    // 3 degrees of freedom, moderated towards once that with 1: (3 * 4 + 1) / 4 = 3.25. Of four
    // pairs: 2e-6 * 3.25 / 4 = 1.625e-6.
    assertThat(precision.observations(List.of(slice)).get(0).variance())
        .isCloseTo(1.625e-6, within(1e-12));
    // Half of the pairs cross sweeps: 2 * 3e-6 * 0.5 * 0.5 = 1.5e-6 on top.
    Fact crossing = with(slice, Map.of("crosses", 0.5));
    assertThat(precision.observations(List.of(crossing)).get(0).variance())
        .isCloseTo(3.125e-6, within(1e-12));
  }

  private static Fact rerun(String study, double variance, double degrees) {
    return FactFixture.fact(
        Kind.RERUN,
        study,
        "",
        List.of(),
        List.of(),
        List.of(),
        Map.of("variance", variance, "degrees", degrees));
  }
}
