package dev.dormouse.mine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelInsightsTest {
  /** A variant with four configurations: good alone, but overtaken by others as more are tried. */
  private static Fact variant(String study, String model, double ofOne, double ofFour) {
    return FactFixture.fact(
        Kind.MODEL,
        study,
        model,
        List.of(),
        List.of(),
        List.of(),
        Map.of("n", 4.0, "best_of_1", ofOne, "best_of_2", ofOne, "best_of_4", ofFour));
  }

  private static List<Fact> fourVariants(String study) {
    return List.of(
        variant(study, "A", 0.70, 0.74),
        variant(study, "B", 0.71, 0.73),
        variant(study, "C", 0.72, 0.72),
        variant(study, "D", 0.73, 0.71));
  }

  @Test
  void ranksVariantsByTheBestOfAsManyConfigurationsAsAllHad() {
    List<Fact> facts = new ArrayList<>(fourVariants("a"));
    facts.addAll(fourVariants("b"));

    List<Insight> insights = ModelInsights.of(facts).stream().map(FactFixture::insight).toList();

    assertThat(insights)
        .extracting(Insight::step)
        .containsExactly(
            new Step.Value("A"), new Step.Value("B"), new Step.Value("C"), new Step.Value("D"));
    // Four places, a third apart: best of four, A is first of both studies, D last.
    assertThat(insights.stream().map(i -> i.effect().orElseThrow().mean()).toList())
        .usingElementComparator((x, y) -> Math.abs(x - y) < 1e-9 ? 0 : 1)
        .containsExactly(1.0, 2.0 / 3, 1.0 / 3, 0.0);
    Effect first = insights.get(0).effect().orElseThrow();
    // Two equal ranks vary by rounding only: (1/3)^2 / 12 = 0.009259. With Student's t of one
    // degree
    // of freedom: 12.706 * sqrt(0.009259 / 2) = 0.8646; the interval ends at 1.
    assertThat(first.low()).isCloseTo(1 - 0.8646, within(1e-3));
    assertThat(first.high()).isEqualTo(1);
    assertThat(first.nStudies()).isEqualTo(2);
  }

  @Test
  void oneStudyOrThreeVariantsAreTooFew() {
    assertThat(ModelInsights.of(fourVariants("a"))).isEmpty();
    List<Fact> three = new ArrayList<>(fourVariants("a").subList(0, 3));
    three.addAll(fourVariants("b").subList(0, 3));
    assertThat(ModelInsights.of(three)).isEmpty();
  }
}
