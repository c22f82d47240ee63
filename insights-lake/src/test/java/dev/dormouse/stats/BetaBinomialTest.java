package dev.dormouse.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BetaBinomialTest {
  /** scipy.stats.betabinom.sf(hits - 1, trials, rate * weight, (1 - rate) * weight). */
  @Test
  void agreesWithScipy() {
    assertThat(BetaBinomial.atLeast(5, 10, 0.2, 20)).isCloseTo(0.06579996714929193, within(1e-9));
    assertThat(BetaBinomial.atLeast(24, 24, 0.1, 3)).isCloseTo(0.0001107043147552389, within(1e-9));
  }

  @Test
  void noEventsAtLeastIsCertain() {
    assertThat(BetaBinomial.atLeast(0, 10, 0.2, 20)).isCloseTo(1, within(1e-9));
  }

  @Test
  void whereRatesDifferMuchManyEventsAreLessOfASurprise() {
    assertThat(BetaBinomial.atLeast(8, 10, 0.2, 2))
        .isGreaterThan(100 * BetaBinomial.atLeast(8, 10, 0.2, 1000));
  }
}
