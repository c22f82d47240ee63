package dev.dormouse.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EffectPriorTest {
  private static final double SD = 0.5;

  /** Three in five effects are none; the others differ between measurements, too. */
  private static final class Planted {
    final List<Double> truths = new ArrayList<>();
    final List<EffectLikelihood> likelihoods = new ArrayList<>();
    final EffectPrior prior;

    Planted(int effects, long seed) {
      Random random = new Random(seed);
      List<Heterogeneity> grid = Heterogeneity.grid(SD, 4);
      for (int i = 0; i < effects; i++) {
        boolean isThere = i % 5 < 2;
        double truth = isThere ? random.nextGaussian() : 0;
        double tau = isThere ? 0.4 : 0;
        List<EffectObservation> observations = new ArrayList<>();
        int measurements = 3 + random.nextInt(8);
        for (int m = 0; m < measurements; m++) {
          double effect = truth + tau * random.nextGaussian() + SD * random.nextGaussian();
          observations.add(new EffectObservation(effect, SD * SD, m));
        }
        truths.add(truth);
        likelihoods.add(EffectLikelihood.ofMean(observations, grid));
      }
      prior = EffectPrior.fit(likelihoods.stream().map(List::of).toList(), grid, 0.05, 4);
    }
  }

  @Test
  void whatIsReportedForBeingLargeIsCorrectedAndStillCovered() {
    double plainBias = 0;
    double bias = 0;
    int covered = 0;
    int reported = 0;
    for (long seed = 1; seed <= 12; seed++) {
      Planted planted = new Planted(400, seed);
      for (int i = 0; i < planted.truths.size(); i++) {
        EffectLikelihood likelihood = planted.likelihoods.get(i);
        if (planted.prior.pValue(likelihood) < 0.01) {
          double truth = planted.truths.get(i);
          PooledEffect effect = planted.prior.pooled(likelihood);
          double sign = Math.signum(effect.plain().mean());
          plainBias += sign * (effect.plain().mean() - truth);
          bias += sign * (effect.shrunk().mean() - truth);
          covered += effect.shrunk().low() <= truth && truth <= effect.shrunk().high() ? 1 : 0;
          reported++;
        }
      }
    }

    assertThat(reported).isGreaterThan(600);
    assertThat(plainBias / reported).isGreaterThan(0.03);
    assertThat(Math.abs(bias)).isLessThan(0.5 * plainBias);
    assertThat((double) covered / reported).isBetween(0.92, 0.98);
  }

  @Test
  void intervalsAllowForAPriorThatFewEffectsTellOnlyRoughly() {
    int covered = 0;
    int reported = 0;
    for (long seed = 1; seed <= 60; seed++) {
      Planted planted = new Planted(20, seed);
      for (int i = 0; i < planted.truths.size(); i++) {
        EffectLikelihood likelihood = planted.likelihoods.get(i);
        if (planted.prior.pValue(likelihood) < 0.02) {
          double truth = planted.truths.get(i);
          Estimate shrunk = planted.prior.pooled(likelihood).shrunk();
          covered += shrunk.low() <= truth && truth <= shrunk.high() ? 1 : 0;
          reported++;
        }
      }
    }

    assertThat(reported).isGreaterThan(200);
    assertThat((double) covered / reported).isBetween(0.93, 0.98);
  }

  @Test
  void effectsThatAreNoneSeldomLookLikeSome() {
    Planted planted = new Planted(2000, 7);
    int below = 0;
    int none = 0;
    for (int i = 0; i < planted.truths.size(); i++) {
      if (planted.truths.get(i) == 0) {
        none++;
        below += planted.prior.pValue(planted.likelihoods.get(i)) < 0.05 ? 1 : 0;
      }
    }

    assertThat((double) below / none).isBetween(0.005, 0.06);
  }

  @Test
  void anEffectInANewStudyIsLessCertainThanTheMean() {
    Planted planted = new Planted(400, 1);
    PooledEffect effect = planted.prior.pooled(planted.likelihoods.get(0));

    assertThat(effect.newHigh() - effect.newLow())
        .isGreaterThan(effect.shrunk().high() - effect.shrunk().low());
    assertThat(effect.tau()).isBetween(0.0, 1.0);
  }

  @Test
  void withoutHeterogeneityTheMeanIsThatOfInverseVariances() {
    List<Heterogeneity> none = List.of(new Heterogeneity(0, 0, 1));
    List<EffectObservation> observations =
        List.of(
            new EffectObservation(1, 1, 0),
            new EffectObservation(4, 0.5, 1),
            new EffectObservation(2, 2, 1));

    EffectLikelihood mean = EffectLikelihood.ofMean(observations, none);

    assertThat(mean.estimate(0)).isCloseTo((1 + 8 + 1) / 3.5, within(1e-12));
    assertThat(mean.variance(0)).isCloseTo(1 / 3.5, within(1e-12));
  }

  /** By hand: with all variance shared, a study's measurements count as one. */
  @Test
  void measurementsOfOneStudyThatShareTheirDeviationCountLess() {
    List<Heterogeneity> shared = List.of(new Heterogeneity(100, 1, 1));
    List<EffectObservation> observations =
        List.of(
            new EffectObservation(1, 1, 0),
            new EffectObservation(1, 1, 0),
            new EffectObservation(4, 1, 1));

    EffectLikelihood mean = EffectLikelihood.ofMean(observations, shared);

    assertThat(mean.estimate(0)).isCloseTo(2.5, within(1e-3));
  }

  @Test
  void aSlopeIsThatOfWeightedLeastSquares() {
    List<Heterogeneity> none = List.of(new Heterogeneity(0, 0, 1));
    List<EffectObservation> onALine =
        List.of(
            new EffectObservation(1, 1, 0),
            new EffectObservation(3, 0.3, 1),
            new EffectObservation(7, 2, 2));

    EffectLikelihood slope = EffectLikelihood.ofSlope(onALine, new double[] {0, 1, 3}, none);

    assertThat(slope.estimate(0)).isCloseTo(2, within(1e-12));
  }
}
