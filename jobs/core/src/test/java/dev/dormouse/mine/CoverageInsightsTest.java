package dev.dormouse.mine;

import static dev.dormouse.mine.FactFixture.noise;
import static dev.dormouse.mine.FactFixture.statements;
import static dev.dormouse.mine.FactFixture.study;
import static dev.dormouse.mine.FactFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoverageInsightsTest {
  private static final Fact A = study("a", "ads", "v1", Map.of());
  private static final Fact B = study("b", "news", "v1", Map.of());
  private static final Fact C = study("c", "shop", "v1", Map.of());

  /** A parameter that a study set in 100 runs. */
  private static Fact setting(String study, String value, double frequent, double settings) {
    return FactFixture.fact(
        Kind.SETTING,
        study,
        "",
        List.of("lr"),
        List.of(),
        List.of(value),
        Map.of("n", 100.0, "n_commonest", frequent, "settings", settings));
  }

  private static List<Finding> findings(Fact... facts) {
    List<Fact> all = List.of(facts);
    return CoverageInsights.of(all, Study.of(all).values());
  }

  @Test
  void aValueThatMostRunsHaveIsReportedWithTheRangeThatWasTried() {
    Fact first = with(setting("a", "0.1", 90, 3), Map.of("lowest", 0.01, "highest", 0.1));
    Fact second = with(setting("b", "0.1", 70, 3), Map.of("lowest", 0.1, "highest", 1.0));

    List<Finding> findings = findings(A, B, first, second);

    Insight insight = FactFixture.insight(findings.get(0));
    assertThat(insight.kind()).isEqualTo(Insight.Kind.COVERAGE);
    assertThat(insight.step()).isEqualTo(new Step.Value("0.1"));
    // (90 + 70) / 200
    assertThat(insight.effect().orElseThrow().mean()).isCloseTo(0.8, within(1e-12));
    assertThat(statements(findings))
        .containsExactly(
            "lr is 0.1 in 80% of the 200 runs that set it; nothing below 0.01 or above 1 was ever"
                + " tried");
  }

  @Test
  void valuesThatDifferByStudyOrTheOnlyValueAreNotReported() {
    assertThat(findings(A, B, setting("a", "0.1", 60, 3), setting("b", "0.2", 60, 3))).isEmpty();
    assertThat(findings(A, B, setting("a", "0.1", 100, 1), setting("b", "0.1", 100, 1))).isEmpty();
  }

  @Test
  void aParameterThatAtMostAQuarterOfStudiesVariedIsReported() {
    List<Finding> findings =
        findings(
            A,
            B,
            C,
            noise("a", 1e-6, 1),
            noise("b", 1e-6, 1),
            noise("c", 1e-6, 1),
            setting("a", "0.1", 100, 1),
            setting("b", "0.2", 100, 1),
            setting("c", "0.3", 100, 1));

    assertThat(statements(findings))
        .containsExactly("lr was varied in 0 of the 3 studies that set it: its effect is unknown");
  }

  @Test
  void aStudyThatHoldsHalfOfTheRunsIsReported() {
    // 400 of 600 runs are in one of three studies; a fifth of three is at least one.
    List<Finding> findings =
        findings(
            with(A, Map.of("n", 400.0)),
            B,
            C,
            noise("a", 1e-6, 1),
            noise("b", 1e-6, 1),
            noise("c", 1e-6, 1));

    assertThat(statements(findings))
        .containsExactly(
            "67% of all 600 runs are in 1 of 3 studies (ads): what holds elsewhere is known less"
                + " well");
  }

  @Test
  void studiesWithoutRepeatedSeedsAreCounted() {
    List<Finding> findings = findings(A, B, C, noise("a", 1e-6, 1));

    assertThat(statements(findings))
        .containsExactly(
            "2 of 3 studies never repeat a configuration with another seed: their noise is taken"
                + " from other studies");
    assertThat(FactFixture.insight(findings.get(0)).effect().orElseThrow().mean())
        .isCloseTo(2.0 / 3, within(1e-12));
  }
}
