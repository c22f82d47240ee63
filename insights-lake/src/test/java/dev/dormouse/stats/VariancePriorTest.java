package dev.dormouse.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.apache.commons.numbers.gamma.Trigamma;
import org.junit.jupiter.api.Test;

class VariancePriorTest {
  private static final VariancePrior UNUSED = new VariancePrior(1, 1);

  @Test
  void recoversTheDistributionThatVariancesWereDrawnFrom() {
    Random random = new Random(1);
    int samples = 4000;
    double[] variances = new double[samples];
    double[] degrees = new double[samples];
    for (int i = 0; i < samples; i++) {
      double truth = 2.0 * 8 / chiSquare(8, random);
      degrees[i] = 3 + i % 5;
      variances[i] = truth * chiSquare((int) degrees[i], random) / degrees[i];
    }

    VariancePrior prior = VariancePrior.fit(variances, degrees, UNUSED);

    assertThat(prior.variance()).isCloseTo(2.0, within(0.15));
    assertThat(prior.degrees()).isCloseTo(8, within(2.0));
  }

  @Test
  void ofVariancesThatDifferByChanceOnlyThePriorDecides() {
    Random random = new Random(2);
    double[] variances = new double[300];
    double[] degrees = new double[300];
    for (int i = 0; i < variances.length; i++) {
      degrees[i] = 4;
      variances[i] = 3 * chiSquare(4, random) / 4;
    }

    VariancePrior prior = VariancePrior.fit(variances, degrees, UNUSED);

    assertThat(prior.moderated(30, 4)).isCloseTo(3, within(1.0));
  }

  @Test
  void aSamplesOwnVarianceCountsByItsDegreesOfFreedom() {
    VariancePrior prior = new VariancePrior(1, 4);

    assertThat(prior.moderated(4, 0)).isEqualTo(1);
    assertThat(prior.moderated(4, 4)).isEqualTo(2.5);
    assertThat(prior.moderated(4, 4e6)).isCloseTo(4, within(1e-4));
  }

  @Test
  void withoutTwoSamplesThatShowSpreadThereIsNothingToFit() {
    assertThat(VariancePrior.fit(new double[] {0, 2}, new double[] {3, 3}, UNUSED))
        .isEqualTo(UNUSED);
  }

  @Test
  void invertsTheTrigammaFunction() {
    for (double x : new double[] {0.1, 1, 7.5, 400}) {
      assertThat(VariancePrior.inverseTrigamma(Trigamma.value(x))).isCloseTo(x, within(1e-4 * x));
    }
  }

  private static double chiSquare(int degrees, Random random) {
    double sum = 0;
    for (int i = 0; i < degrees; i++) {
      double g = random.nextGaussian();
      sum += g * g;
    }
    return sum;
  }
}
