package dev.dormouse.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class AgreementTest {
  private static final List<String> MODELS = List.of("fm", "dnn", "dcnv2", "afn");
  private static final double CLOSE = 0.05;

  @Test
  void tellsForecastsOfVariantsFromThoseOfSettings() {
    ToDoubleFunction<Arm> truth = arm -> variant(arm) + setting(arm);
    Agreement both = agreement(truth, truth);
    Agreement variants = agreement(truth, AgreementTest::variant);
    Agreement settings = agreement(truth, AgreementTest::setting);
    Agreement wrong = agreement(truth, arm -> variant(arm) - setting(arm));

    assertThat(both.total()).isCloseTo(0.95, within(CLOSE));
    assertThat(both.variants()).isCloseTo(variants.variants(), within(CLOSE));
    assertThat(both.settings()).isCloseTo(settings.settings(), within(CLOSE));
    assertThat(both.variants()).isGreaterThan(both.settings());
    assertThat(wrong.variants()).isCloseTo(both.variants(), within(CLOSE));
    assertThat(wrong.settings()).isZero();
  }

  @Test
  void assumesWhatIsUsualWhereNothingCanBeMeasured() {
    assertThat(Agreement.of(studies(arm -> 0, 1), (seen, unseen) -> arm -> 0).total())
        .isCloseTo(0.5, within(CLOSE));
  }

  private static Agreement agreement(ToDoubleFunction<Arm> truth, ToDoubleFunction<Arm> forecast) {
    return Agreement.of(studies(truth, 8), (seen, unseen) -> forecast);
  }

  private static List<RankedStudy> studies(ToDoubleFunction<Arm> truth, int count) {
    List<PastResult> results = new ArrayList<>();
    for (int study = 0; study < count; study++) {
      for (String model : MODELS) {
        for (int rate = 0; rate < 5; rate++) {
          Arm arm = Arm.of(Map.of("model", model, "rate", "" + rate));
          results.add(
              new PastResult("study " + study, arm, OptionalDouble.of(truth.applyAsDouble(arm))));
        }
      }
    }
    return RankedStudy.of(results);
  }

  private static double variant(Arm arm) {
    return 3 * MODELS.indexOf(arm.modelVariant());
  }

  private static double setting(Arm arm) {
    return Double.parseDouble(arm.params().get("rate"));
  }
}
