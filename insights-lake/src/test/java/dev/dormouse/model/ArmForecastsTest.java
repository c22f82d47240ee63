package dev.dormouse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArmForecastsTest {
  private static final Arm ARM = Arm.of(Map.of("model", "DCN", "dropout", "0.1"));
  private static final Arm OTHER = Arm.of(Map.of("model", "DCN", "dropout", "0.2"));
  private static final ArmForecast FORECAST = new ArmForecast(ARM, 0.002, 0.05, 1_000);
  private static final KnownArm KNOWN = new KnownArm(OTHER, 0.004, 0.001, 2, "r1");
  private static final KnownArm FAILED = new KnownArm(OTHER, Double.NaN, 0, 0, "r1");

  @Test
  void theHashStaysTheSame() {
    assertThat(of(FORECAST, KNOWN).hash()).isEqualTo("f1-216d01116ac686cf");
  }

  @Test
  void everyNumberIsInTheHash() {
    assertThat(
            List.of(
                of(FORECAST, KNOWN),
                new ArmForecasts(0.6, 0.01, List.of(FORECAST), List.of(KNOWN)),
                new ArmForecasts(0.5, 0.02, List.of(FORECAST), List.of(KNOWN)),
                new ArmForecasts(0.5, 0.01, List.of(), List.of(KNOWN)),
                new ArmForecasts(0.5, 0.01, List.of(FORECAST), List.of()),
                of(new ArmForecast(OTHER, 0.002, 0.05, 1_000), KNOWN),
                of(new ArmForecast(ARM, 0.003, 0.05, 1_000), KNOWN),
                of(new ArmForecast(ARM, 0.002, 0.06, 1_000), KNOWN),
                of(new ArmForecast(ARM, 0.002, 0.05, 1_001), KNOWN),
                of(FORECAST, new KnownArm(ARM, 0.004, 0.001, 2, "r1")),
                of(FORECAST, new KnownArm(OTHER, 0.005, 0.001, 2, "r1")),
                of(FORECAST, new KnownArm(OTHER, 0.004, 0.002, 2, "r1")),
                of(FORECAST, new KnownArm(OTHER, 0.004, 0.001, 3, "r1")),
                of(FORECAST, new KnownArm(OTHER, 0.004, 0.001, 2, "r2")),
                of(FORECAST, FAILED)))
        .extracting(ArmForecasts::hash)
        .doesNotHaveDuplicates();
  }

  @Test
  void forecastsThatAgreeMoreWithOutcomesAreMoreCertain() {
    assertThat(new ArmForecasts(0, 0.01, List.of(), List.of()).gainSd()).isEqualTo(0.01);
    assertThat(new ArmForecasts(0.8, 0.01, List.of(), List.of()).gainSd())
        .isCloseTo(0.006, within(1e-12));
  }

  @Test
  void anArmWhoseRunsAllFailedHasNoGain() {
    assertThat(KNOWN.knownGain()).contains(0.004);
    assertThat(FAILED.knownGain()).isEmpty();
  }

  @Test
  void numbersThatMeanNothingAreRefused() {
    assertThatThrownBy(() -> new ArmForecasts(1, 0.01, List.of(), List.of()))
        .hasMessageContaining("from 0 to below 1");
    assertThatThrownBy(() -> new ArmForecasts(0.5, 0, List.of(), List.of()))
        .hasMessageContaining("above 0");
    assertThatThrownBy(() -> new ArmForecast(ARM, Double.NaN, 0.05, 1))
        .hasMessageContaining("gain");
    assertThatThrownBy(() -> new ArmForecast(ARM, 0, 1.1, 1)).hasMessageContaining("from 0 to 1");
    assertThatThrownBy(() -> new ArmForecast(ARM, 0, 0, -1)).hasMessageContaining("cost");
    assertThatThrownBy(() -> new KnownArm(ARM, Double.NaN, 0, 1, "r1"))
        .hasMessageContaining("after 1 runs with a result");
    assertThatThrownBy(() -> new KnownArm(ARM, 0.1, Double.NaN, 1, "r1"))
        .hasMessageContaining("standard deviation");
  }

  private static ArmForecasts of(ArmForecast forecast, KnownArm known) {
    return new ArmForecasts(0.5, 0.01, List.of(forecast), List.of(known));
  }
}
