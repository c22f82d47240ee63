package dev.dormouse.hypothesize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.hypothesize.MinedEffects.Expected;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MinedEffectsTest {
  private static final double NOISE = 0.001;
  private static final Arm BASELINE =
      Arm.of(Map.of("model", "dnn", "learning_rate", "0.001", "batch_norm", "false"));
  private static final MinedEffects EFFECTS =
      new MinedEffects(
          List.of(
              effect("batch_norm", "true", "false", -0.004, Map.of()),
              effect("learning_rate", "", "x10", 0.003, Map.of()),
              effect("learning_rate", "0.001", "0.1", -0.05, Map.of("model", "dcn"))),
          BASELINE,
          NOISE);

  @Test
  void anEffectIsTurnedRoundIfItWasMeasuredTheOtherWay() {
    assertThat(expected(BASELINE.with("batch_norm", "true")).gain()).isCloseTo(0.004, within(1e-9));
    assertThat(expected(BASELINE.with("learning_rate", "0.01")).gain())
        .isCloseTo(0.003, within(1e-9));
    assertThat(expected(BASELINE.with("learning_rate", "0.0001")).gain())
        .isCloseTo(-0.003, within(1e-9));
  }

  @Test
  void factorsAreRoundedAsMiningRoundsThem() {
    MinedEffects rounded =
        new MinedEffects(
            List.of(effect("learning_rate", "", "x3.33", 0.003, Map.of())),
            BASELINE.with("learning_rate", "0.003"),
            NOISE);

    assertThat(rounded.of(BASELINE.with("learning_rate", "0.01")).orElseThrow().gain())
        .isCloseTo(0.003, within(1e-9));
    assertThat(rounded.of(BASELINE.with("learning_rate", "0.0009"))).isPresent();
    assertThat(rounded.of(BASELINE.with("learning_rate", "0.001"))).isEmpty();
  }

  @Test
  void effectsAddUpAndWhatIsUnknownAddsDoubt() {
    Arm both = BASELINE.with("batch_norm", "true").with("learning_rate", "0.01");
    Arm oneUnknown = BASELINE.with("batch_norm", "true").with("model", "fm");

    assertThat(expected(both).gain()).isCloseTo(0.007, within(1e-9));
    assertThat(expected(both).evidence())
        .containsExactlyInAnyOrder("e-batch_norm", "e-learning_rate");
    assertThat(expected(oneUnknown).gain()).isCloseTo(0.004, within(1e-9));
    assertThat(expected(oneUnknown).sd())
        .isGreaterThan(expected(BASELINE.with("batch_norm", "true")).sd());
  }

  @Test
  void whatHoldsForOtherModelsOrOtherValuesSaysNothing() {
    assertThat(EFFECTS.of(BASELINE.with("learning_rate", "0.1"))).isEmpty();
    assertThat(EFFECTS.of(BASELINE.with("learning_rate", "0.05"))).isEmpty();
    assertThat(EFFECTS.of(BASELINE.with("model", "fm"))).isEmpty();
  }

  private static Expected expected(Arm arm) {
    return EFFECTS.of(arm).orElseThrow();
  }

  private static Insight effect(
      String parameter, String from, String to, double mean, Map<String, String> conditions) {
    return new Insight(
        "e-" + parameter,
        Insight.Kind.EFFECT,
        "it gains",
        List.of(parameter),
        Step.of(Insight.Kind.EFFECT, from, to),
        new TreeMap<>(conditions),
        List.of(),
        List.of(),
        "auc",
        Optional.of(
            new Insight.Effect(
                mean,
                mean,
                mean,
                mean - NOISE,
                mean + NOISE,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                0.9,
                OptionalDouble.empty(),
                9,
                3,
                3,
                0.9)),
        "",
        List.of("run-1"));
  }
}
