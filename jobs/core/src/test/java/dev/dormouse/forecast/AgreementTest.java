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

    assertThat(both.correlation(true, true)).isCloseTo(0.95, within(CLOSE));
    assertThat(both.variants().explained())
        .isCloseTo(variants.variants().explained(), within(CLOSE))
        .isGreaterThan(both.settings().explained());
    assertThat(both.settings().explained())
        .isCloseTo(settings.settings().explained(), within(CLOSE));
    assertThat(wrong.variants().explained()).isCloseTo(both.variants().explained(), within(CLOSE));
    assertThat(wrong.settings()).isEqualTo(new Agreement.Part(0, 0));
  }

  @Test
  void onlyPartsThatDifferCount() {
    Agreement agreement = new Agreement(new Agreement.Part(1, 0.16), new Agreement.Part(1, 0.09));

    assertThat(agreement.correlation(true, true)).isCloseTo(0.5, within(1e-9));
    assertThat(agreement.correlation(true, false)).isCloseTo(0.4, within(1e-9));
    assertThat(agreement.correlation(false, true)).isCloseTo(0.3, within(1e-9));
    assertThat(agreement.correlation(false, false)).isZero();
  }

  @Test
  void forecastsThatAreTooBoldAreScaledDown() {
    ToDoubleFunction<Arm> truth = arm -> variant(arm) + setting(arm);
    Agreement fair = agreement(truth, truth);
    Agreement bold = agreement(truth, arm -> 3 * truth.applyAsDouble(arm));

    assertThat(bold.variants().slope())
        .isCloseTo(fair.variants().slope() / 3, within(1e-9))
        .isPositive();
    assertThat(bold.correlation(true, true)).isCloseTo(fair.correlation(true, true), within(1e-9));
  }

  @Test
  void assumesWhatIsUsualWhereNothingCanBeMeasured() {
    assertThat(
            Agreement.of(studies(arm -> 0, 1), (seen, unseen) -> arm -> 0).correlation(true, true))
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
