package dev.dormouse.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedComparisonTest {
  /** Extra sleep of ten patients under two drugs (Student 1908; R's data set sleep). */
  private static final double[] FIRST = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};

  private static final double[] SECOND = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

  /** R: t.test(paired = TRUE) gives 1.58 [0.7001142, 2.4598858]; 4 of 1024 sign flips go as far. */
  @Test
  void comparesStudentsSleepDataAsPublished() {
    PairedComparison comparison = PairedComparison.of(FIRST, SECOND);

    assertThat(comparison.pairs()).isEqualTo(10);
    assertThat(comparison.gain().mean()).isCloseTo(1.58, within(1e-9));
    assertThat(comparison.gain().low()).isCloseTo(0.7001142, within(1e-6));
    assertThat(comparison.gain().high()).isCloseTo(2.4598858, within(1e-6));
    assertThat(comparison.pValue()).isEqualTo(4.0 / 1024);
  }

  @Test
  void swappingTheArmsTurnsTheGainButNotTheEvidence() {
    PairedComparison turned = PairedComparison.of(SECOND, FIRST);

    assertThat(turned.gain().mean()).isCloseTo(-1.58, within(1e-9));
    assertThat(turned.pValue()).isEqualTo(PairedComparison.of(FIRST, SECOND).pValue());
  }

  @Test
  void manyPairsAreTestedByTheSameRandomFlipsEveryTime() {
    Random random = new Random(3);
    double[] baseline = random.doubles(40).toArray();
    double[] winner = random.doubles(40).map(value -> value + 1).toArray();

    double pValue = PairedComparison.of(baseline, winner).pValue();
    assertThat(pValue).isPositive().isLessThan(0.001);
    assertThat(PairedComparison.of(baseline, winner).pValue()).isEqualTo(pValue);
  }

  @Test
  void aSinglePairProvesNothing() {
    PairedComparison comparison = PairedComparison.of(new double[] {0.70}, new double[] {0.75});

    assertThat(comparison.pValue()).isEqualTo(1);
    assertThat(comparison.gain().low()).isInfinite();
  }

  @Test
  void refusesArmsOfDifferentLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PairedComparison.of(new double[] {1, 2}, new double[] {1}))
        .withMessageContaining("2 and 1");
  }
}
