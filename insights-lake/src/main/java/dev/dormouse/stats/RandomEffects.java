package dev.dormouse.stats;

import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Random-effects meta-analysis of effects measured in several slices.
 *
 * @param mean pooled effect with its 95% interval
 * @param tau standard deviation of the true effects between slices
 * @param predictionLow lower end of the 95% prediction interval for a new slice (study and model
 *     variant); needs three slices
 * @param predictionHigh upper end of it
 * @param pValue two-sided test of no effect
 * @param pPositive probability that the effect in a new slice is above 0
 */
public record RandomEffects(
    Estimate mean,
    double tau,
    OptionalDouble predictionLow,
    OptionalDouble predictionHigh,
    double pValue,
    double pPositive) {

  private static final int MAX_STEPS = 200;

  /**
   * Pools effects with given sampling variances.
   *
   * <p>Between-slice variance by Paule and Mandel (1982); interval and test by Hartung and Knapp
   * (2001) and Sidik and Jonkman (2002), never narrower than the one of known variances; prediction
   * interval by Higgins, Thompson and Spiegelhalter (2009). With one slice the interval is that of
   * its own sampling variance.
   *
   * @param effects one effect for each slice
   * @param variances their sampling variances, above 0
   */
  public static RandomEffects pool(double[] effects, double[] variances) {
    int k = effects.length;
    if (k == 0 || k != variances.length) {
      throw new IllegalArgumentException(
          "Pooling needs as many variances as effects, at least one; got " + k);
    }
    double tau2 = pauleMandel(effects, variances);
    double weightSum = 0;
    double weighted = 0;
    for (int i = 0; i < k; i++) {
      double weight = 1 / (variances[i] + tau2);
      weightSum += weight;
      weighted += weight * effects[i];
    }
    double mean = weighted / weightSum;
    if (k == 1) {
      return single(mean, variances[0], Double.POSITIVE_INFINITY);
    }
    double spread = 0;
    for (int i = 0; i < k; i++) {
      spread += (effects[i] - mean) * (effects[i] - mean) / (variances[i] + tau2);
    }
    double se = Math.sqrt(Math.max(1, spread / (k - 1)) / weightSum);
    TDistribution t = TDistribution.of(k - 1);
    double half = t.inverseCumulativeProbability(0.975) * se;
    double pValue = 2 * t.survivalProbability(Math.abs(mean) / se);
    double newSd = Math.sqrt(tau2 + se * se);
    if (k < 3) {
      return new RandomEffects(
          new Estimate(mean, mean - half, mean + half),
          Math.sqrt(tau2),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          pValue,
          t.cumulativeProbability(mean / newSd));
    }
    TDistribution t2 = TDistribution.of(k - 2);
    double halfNew = t2.inverseCumulativeProbability(0.975) * newSd;
    return new RandomEffects(
        new Estimate(mean, mean - half, mean + half),
        Math.sqrt(tau2),
        OptionalDouble.of(mean - halfNew),
        OptionalDouble.of(mean + halfNew),
        pValue,
        t2.cumulativeProbability(mean / newSd));
  }

  /**
   * Returns the result for a single slice.
   *
   * @param effect its effect
   * @param variance its sampling variance, above 0
   * @param degreesOfFreedom of that variance if it was estimated from the slice; infinite if it is
   *     known
   */
  public static RandomEffects single(double effect, double variance, double degreesOfFreedom) {
    ContinuousDistribution reference =
        Double.isInfinite(degreesOfFreedom)
            ? NormalDistribution.of(0, 1)
            : TDistribution.of(degreesOfFreedom);
    double se = Math.sqrt(variance);
    double half = reference.inverseCumulativeProbability(0.975) * se;
    return new RandomEffects(
        new Estimate(effect, effect - half, effect + half),
        0,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        2 * reference.survivalProbability(Math.abs(effect) / se),
        reference.cumulativeProbability(effect / se));
  }

  /**
   * Returns the tau squared for which the weighted spread equals its expectation, by bisection; 0
   * if the spread is smaller without it.
   */
  static double pauleMandel(double[] effects, double[] variances) {
    int k = effects.length;
    if (k < 2 || excess(effects, variances, 0) <= 0) {
      return 0;
    }
    double low = 0;
    double high = 1e-6;
    while (excess(effects, variances, high) > 0) {
      high *= 2;
    }
    for (int i = 0; i < MAX_STEPS && high - low > 1e-15 + 1e-10 * high; i++) {
      double middle = (low + high) / 2;
      if (excess(effects, variances, middle) > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  private static double excess(double[] effects, double[] variances, double tau2) {
    double weightSum = 0;
    double weighted = 0;
    for (int i = 0; i < effects.length; i++) {
      double weight = 1 / (variances[i] + tau2);
      weightSum += weight;
      weighted += weight * effects[i];
    }
    double mean = weighted / weightSum;
    double spread = 0;
    for (int i = 0; i < effects.length; i++) {
      spread += (effects[i] - mean) * (effects[i] - mean) / (variances[i] + tau2);
    }
    return spread - (effects.length - 1);
  }
}
