package dev.dormouse.mine;

import static dev.dormouse.mine.FactFixture.noise;
import static dev.dormouse.mine.FactFixture.study;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrapInsightsTest {
  private static List<Insight> traps(Fact... facts) {
    List<Fact> all = List.of(facts);
    return TrapInsights.of(all, Study.of(all), Noise.of(all)).stream()
        .map(FactFixture::insight)
        .toList();
  }

  private static Fact rerun(String study, double largest) {
    return FactFixture.fact(
        Kind.RERUN,
        study,
        "",
        List.of(),
        List.of(),
        List.of(),
        Map.of(
            "variance", 1e-6, "degrees", 1.0, "n", 8.0, "largest", largest, "share_changed", 0.5));
  }

  @Test
  void featureSetsOfOneDataSetThatAreFarApartAreATrap() {
    List<Insight> traps =
        traps(
            study("a", "ads", "v1", Map.of("median", 0.70)),
            study("b", "ads", "v2", Map.of("median", 0.95)),
            study("c", "news", "v1", Map.of("median", 0.50)));

    assertThat(traps).hasSize(1);
    assertThat(traps.get(0).trapOf()).isEqualTo("feature set v2 is better");
    assertThat(traps.get(0).conditions()).isEqualTo(Map.of("dataset", "ads"));
    // 0.95 - 0.70
    assertThat(traps.get(0).effect().orElseThrow().mean()).isCloseTo(0.25, within(1e-9));
    assertThat(traps.get(0).statement())
        .startsWith(
            "ads: feature set v2 gives 0.950 where v1 gives 0.700 (medians of 100 and 100 runs)");
  }

  @Test
  void ofAMetricOfWhichLessIsBetterTheFeatureSetWithLessIsTheTempting() {
    Map<String, Double> less = Map.of("median", 0.70, Orientation.COLUMN, -1.0);
    Map<String, Double> more = Map.of("median", 0.95, Orientation.COLUMN, -1.0);

    assertThat(traps(study("a", "ads", "v1", less), study("b", "ads", "v2", more)))
        .extracting(Insight::trapOf)
        .containsExactly("feature set v1 is better");
  }

  @Test
  void featureSetsThatAreCloseOrOfFewRunsAreNoTrap() {
    assertThat(
            traps(
                study("a", "ads", "v1", Map.of("median", 0.70)),
                study("b", "ads", "v2", Map.of("median", 0.71)),
                study("c", "ads", "v3", Map.of("median", 0.95, "n_values", 4.0))))
        .isEmpty();
  }

  @Test
  void aTestMetricThatIsTheValidationMetricIsATrap() {
    List<Insight> traps =
        traps(
            study("a", "ads", "v1", Map.of("n_same", 10.0, "share_same", 0.9)),
            study("b", "news", "v1", Map.of("n_same", 10.0, "share_same", 0.8)));

    assertThat(traps)
        .extracting(Insight::statement)
        .containsExactly(
            "a: validation and test metric are the same number in 90% of 10 runs; its test metric"
                + " proves nothing");
  }

  @Test
  void curvesThatWereKeptForWinnersAreATrap() {
    List<Insight> traps =
        traps(
            study("a", "ads", "v1", Map.of("n_curves", 20.0, "curve_rank", 0.8)),
            study("b", "news", "v1", Map.of("n_curves", 20.0, "curve_rank", 0.5)));

    assertThat(traps)
        .extracting(Insight::statement)
        .containsExactly(
            "a: learning curves were kept for winners (mean rank 0.80 of 1 over 20 of 100 runs);"
                + " curves of losers are missing");
  }

  @Test
  void rerunsThatDifferByMoreThanThreeTimesTheSeedNoiseAreATrap() {
    // Seed noise, measured in one study, is sqrt(1e-6) = 0.001: 0.0031 is more than three times
    // that, 0.0029 is less.
    List<Insight> traps =
        traps(
            study("a", "ads", "v1", Map.of()),
            study("b", "news", "v1", Map.of()),
            noise("a", 1e-6, 10),
            rerun("a", 0.0031),
            rerun("b", 0.0029));

    assertThat(traps).hasSize(1);
    assertThat(traps.get(0).conditions()).isEqualTo(Map.of("study", "a"));
    assertThat(traps.get(0).statement())
        .contains("by up to 0.0031 auc (50% of 8 repeated ones changed; seed noise is 0.00100)");
  }
}
