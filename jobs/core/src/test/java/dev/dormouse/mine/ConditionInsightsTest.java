package dev.dormouse.mine;

import static dev.dormouse.mine.FactFixture.step;
import static dev.dormouse.mine.FactFixture.study;
import static dev.dormouse.mine.FactFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConditionInsightsTest {
  private static final Noise NOISE = Noise.of(List.of());
  private static final double SECONDS_A_YEAR = 365.25 * 24 * 3600;

  private static List<Insight> insights(List<Fact> facts) {
    return ConditionInsights.of(EffectInsights.of(facts, NOISE), Study.of(facts)).stream()
        .map(FactFixture::insight)
        .toList();
  }

  @Test
  void findsTheModelVariantForWhichAStepGainsMore() {
    List<Fact> facts = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d")) {
      facts.add(study(name, name, "v1", Map.of()));
      facts.add(step(name, "DCN", "k", "8", "16", 0.02));
      facts.add(step(name, "DNN", "k", "8", "16", 0));
      facts.add(step(name, "FM", "k", "8", "16", 0));
    }

    Insight insight =
        insights(facts).stream()
            .filter(i -> i.conditions().equals(Map.of("model_variant", "DCN")))
            .findFirst()
            .orElseThrow();

    assertThat(insight.kind()).isEqualTo(Kind.CONDITION);
    // 0.02 for each of four slices there, 0 for each of eight elsewhere.
    assertThat(insight.statement())
        .contains(
            "more for DCN than for other models (+0.0200 there, +0.0000 elsewhere; 12 slices)");
    assertThat(insight.effect().orElseThrow().plain()).isCloseTo(0.02, within(1e-9));
  }

  @Test
  void aModelVariantOfFewerThanFivePairsIsNotTested() {
    List<Fact> facts =
        List.of(
            study("a", "a", "v1", Map.of()),
            step("a", "DCN", "k", "8", "16", 0.02),
            step("a", "DNN", "k", "8", "16", 0),
            step("a", "FM", "k", "8", "16", 0));

    assertThat(insights(facts)).isEmpty();
  }

  @Test
  void findsThatAStepGainsMoreWithMoreTrainingData() {
    List<Fact> facts = new ArrayList<>();
    double[] gains = {0.00, 0.01, 0.02, 0.03};
    for (int i = 0; i < 4; i++) {
      // 1,000, 10,000, 100,000 and 1,000,000 examples: each tenfold adds 0.01.
      facts.add(study("s" + i, "d" + i, "v1", Map.of("train_samples", Math.pow(10, 3 + i))));
      facts.add(step("s" + i, "DCN", "k", "8", "16", gains[i]));
    }

    Insight insight = insights(facts).get(0);

    assertThat(insight.kind()).isEqualTo(Kind.CONDITION);
    assertThat(insight.conditions()).isEqualTo(Map.of("train_samples", "x10"));
    assertThat(insight.effect().orElseThrow().plain()).isCloseTo(0.01, within(1e-9));
    assertThat(insight.statement())
        .contains("for each tenfold of training data (1.0e+03 to 1.0e+06 examples, 4 slices of 4");
  }

  @Test
  void findsThatAStepGainsLessTheLaterItIsTried() {
    List<Fact> facts = new ArrayList<>();
    double[] gains = {0.03, 0.02, 0.01, 0.00};
    for (int i = 0; i < 4; i++) {
      facts.add(study("s" + i, "d", "v1", Map.of()));
      facts.add(
          with(
              step("s" + i, "DCN", "k", "8", "16", gains[i]),
              Map.of("at", (50 + i) * SECONDS_A_YEAR)));
    }

    Insight insight = insights(facts).get(0);

    assertThat(insight.kind()).isEqualTo(Kind.DRIFT);
    // Each year later takes 0.01 off the gain.
    assertThat(insight.effect().orElseThrow().plain()).isCloseTo(-0.01, within(1e-9));
    assertThat(insight.statement()).contains("less for each year later");
  }

  @Test
  void aStepThatGainsTheSameEverywhereHasNoCondition() {
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      facts.add(study("s" + i, "d" + i, "v1", Map.of("train_samples", Math.pow(10, 3 + i))));
      facts.add(
          with(
              step("s" + i, i % 2 == 0 ? "DCN" : "DNN", "k", "8", "16", 0.01),
              Map.of("at", (50 + i) * SECONDS_A_YEAR)));
    }

    assertThat(insights(facts)).isEmpty();
  }
}
