package dev.dormouse.mine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Step;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InteractionInsightsTest {
  private static final Noise NOISE = Noise.of(List.of());

  /** Cells in which raising k gains 0.001 alone and this synergy more after raising l. */
  private static Fact cells(String study, double n, double synergy) {
    return FactFixture.fact(
        Kind.INTERACTION,
        study,
        "DCN",
        List.of("k", "l"),
        List.of("8", "false"),
        List.of("16", "true"),
        Map.of(
            "gain",
            synergy,
            "variance",
            4e-6,
            "n_pairs",
            n,
            "n_up",
            synergy > 0 ? n : 0,
            "gain_before",
            0.001,
            "gain_after",
            0.001 + synergy,
            "crosses",
            0.0,
            "seed_share",
            4.0));
  }

  @Test
  void findsWhatTwoChangesGainBeyondTheSumOfEach() {
    List<Fact> facts = Stream.of("a", "b", "c", "d").map(s -> cells(s, 4, 0.03)).toList();

    Insight insight = FactFixture.insight(InteractionInsights.of(facts, NOISE).get(0));

    assertThat(insight.kind()).isEqualTo(Insight.Kind.INTERACTION);
    assertThat(insight.parameters()).containsExactly("k", "l");
    assertThat(insight.step())
        .isEqualTo(new Step.Both(new Step.FromTo("8", "16"), new Step.FromTo("false", "true")));
    // All four slices have a synergy of 0.03.
    assertThat(insight.effect().orElseThrow().plain()).isCloseTo(0.03, within(1e-9));
    assertThat(insight.statement())
        .startsWith("k 8 -> 16 and l false -> true together: ")
        // 0.001 + 0.03 after the other change.
        .endsWith(
            "k 8 -> 16 gains +0.0010 where l is false and +0.0310 where it is true"
                + " (16 cells in 4 slices of 4 studies)");
  }

  @Test
  void changesThatAddUpAreNotReported() {
    List<Fact> facts = Stream.of("a", "b", "c", "d").map(s -> cells(s, 4, 0)).toList();

    assertThat(InteractionInsights.of(facts, NOISE)).isEmpty();
  }

  @Test
  void fewerThanFourCellsAreNotTested() {
    assertThat(InteractionInsights.of(List.of(cells("a", 3, 0.5)), NOISE)).isEmpty();
  }
}
