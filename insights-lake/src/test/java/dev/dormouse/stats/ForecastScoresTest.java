package dev.dormouse.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.stats.BradleyTerry.Duel;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForecastScoresTest {
  private static final double NOISE = 0.001;

  @Test
  void scoresProbabilitiesAndIntervals() {
    ForecastScores scores =
        ForecastScores.of(
            List.of(
                outcome(0.01, 0.9, OptionalDouble.of(0.01)),
                outcome(0.01, 0.9, OptionalDouble.of(-0.05)),
                outcome(0.01, 0.5, OptionalDouble.empty())));

    assertThat(scores.forecasts()).isEqualTo(3);
    assertThat(scores.gained()).isEqualTo(1);
    assertThat(scores.brier()).isCloseTo((0.01 + 0.81 + 0.25) / 3, within(1e-12));
    assertThat(scores.failureBrier()).isCloseTo((0.01 + 0.01 + 0.81) / 3, within(1e-12));
    assertThat(scores.coverage()).isEqualTo(0.5);
    assertThat(scores.bias()).isCloseTo(-0.03, within(1e-12));
  }

  @Test
  void aBoasterIsBelievedLessAndRecalibrationCoversWhatItPromises() {
    Random random = new Random(1);
    List<ForecastOutcome> past = boasts(random, 200);
    Recalibration record = Recalibration.learn(past, NOISE);

    assertThat(record.slope()).isCloseTo(0.1, within(0.05));
    assertThat(Recalibration.learn(List.of(), NOISE).slope()).isEqualTo(0.25);
    List<ForecastOutcome> mended = new ArrayList<>();
    for (ForecastOutcome next : boasts(random, 400)) {
      Recalibration.Forecast forecast =
          record.of(next.low(), next.middle(), next.high(), next.pFailure(), NOISE);
      mended.add(
          new ForecastOutcome(
              "llm",
              forecast.gain() - 1.2816 * forecast.sd(),
              forecast.gain(),
              forecast.gain() + 1.2816 * forecast.sd(),
              0.5,
              forecast.pFailure(),
              next.gain()));
    }
    assertThat(ForecastScores.of(past).coverage()).isLessThan(0.3);
    assertThat(ForecastScores.of(mended).coverage()).isBetween(0.7, 0.9);
  }

  /** Claims of 0.01 to 0.02, narrow, of which a tenth comes true. */
  private static List<ForecastOutcome> boasts(Random random, int count) {
    List<ForecastOutcome> boasts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double claim = 0.01 + 0.01 * random.nextDouble();
      boasts.add(
          outcome(claim, 0.9, OptionalDouble.of(0.1 * claim + 0.008 * random.nextGaussian())));
    }
    return boasts;
  }

  private static ForecastOutcome outcome(double claim, double pSuccess, OptionalDouble gain) {
    return new ForecastOutcome("llm", claim - 0.003, claim, claim + 0.003, pSuccess, 0.1, gain);
  }

  @Test
  void strengthsFollowComparisonsAndStayFinite() {
    double[] chances =
        BradleyTerry.chances(4, List.of(new Duel(0, 1, 1), new Duel(1, 2, 1), new Duel(0, 2, 1)));

    assertThat(chances[0]).isGreaterThan(chances[1]).isLessThan(1);
    assertThat(chances[1]).isGreaterThan(chances[2]);
    assertThat(chances[2]).isPositive();
    assertThat(chances[3]).isEqualTo(0.5);
  }
}
