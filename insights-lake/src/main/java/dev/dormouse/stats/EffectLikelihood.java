package dev.dormouse.stats;

import java.util.Arrays;
import java.util.List;

/**
 * The likelihood of one number (a mean effect, or the slope of effects over a covariate), for each
 * of several assumptions on how much true effects differ.
 *
 * <p>Given the heterogeneity, everything is normal, and generalized least squares gives the
 * estimate and its variance (Hedges and Olkin 1985; with groups as in Konstantopoulos 2011, "Fixed
 * effects and variance components estimation in three-level meta-analysis"). The likelihood weighs
 * the assumptions; averaging over them instead of choosing one keeps intervals valid with few
 * studies (Röver 2020, "Bayesian random-effects meta-analysis using the bayesmeta R package").
 */
public final class EffectLikelihood {
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final double[] estimates;
  private final double[] variances;
  private final double[] logWeights;

  private EffectLikelihood(int cells) {
    estimates = new double[cells];
    variances = new double[cells];
    logWeights = new double[cells];
  }

  /** Returns the likelihood of the mean of all true effects. */
  public static EffectLikelihood ofMean(
      List<EffectObservation> observations, List<Heterogeneity> grid) {
    EffectLikelihood result = new EffectLikelihood(grid.size());
    for (int c = 0; c < grid.size(); c++) {
      Moments m = new Moments(observations, null, grid.get(c));
      double variance = 1 / m.ones;
      double estimate = m.onesY * variance;
      double fit = m.yy - m.onesY * estimate;
      result.set(c, estimate, variance, -0.5 * (m.logConstant + fit) + 0.5 * logTwoPi(variance));
    }
    return result;
  }

  /**
   * Returns the likelihood of the slope of true effects over a covariate, whatever their mean.
   *
   * @param covariate one value for each observation, not all the same
   */
  public static EffectLikelihood ofSlope(
      List<EffectObservation> observations, double[] covariate, List<Heterogeneity> grid) {
    EffectLikelihood result = new EffectLikelihood(grid.size());
    for (int c = 0; c < grid.size(); c++) {
      Moments m = new Moments(observations, covariate, grid.get(c));
      double variance = 1 / (m.zz - m.onesZ * m.onesZ / m.ones);
      double estimate = (m.zy - m.onesZ * m.onesY / m.ones) * variance;
      double fit = m.yy - m.onesY * m.onesY / m.ones - estimate * estimate / variance;
      result.set(
          c,
          estimate,
          variance,
          -0.5 * (m.logConstant + fit + Math.log(m.ones)) + 0.5 * logTwoPi(variance));
    }
    return result;
  }

  private static double logTwoPi(double variance) {
    return LOG_TWO_PI + Math.log(variance);
  }

  private void set(int cell, double estimate, double variance, double logWeight) {
    estimates[cell] = estimate;
    variances[cell] = variance;
    logWeights[cell] = logWeight;
  }

  int cells() {
    return estimates.length;
  }

  double estimate(int cell) {
    return estimates[cell];
  }

  double variance(int cell) {
    return variances[cell];
  }

  /** Returns the logarithm of the data's density in a cell, with a flat prior on the number. */
  double logWeight(int cell) {
    return logWeights[cell];
  }

  /** Returns the standard deviation of the estimate if true effects do not differ. */
  public double smallestSd() {
    return Math.sqrt(Arrays.stream(variances).min().orElse(0));
  }

  /** Returns the largest absolute value of the estimates. */
  public double largestEstimate() {
    return Arrays.stream(estimates).map(Math::abs).max().orElse(0);
  }

  double largestLogWeight() {
    return Arrays.stream(logWeights).max().orElse(0);
  }

  /**
   * Products of the vectors of ones, of the covariate z and of the effects y with the inverse of
   * the covariance matrix, which is a diagonal plus a constant within each group (Sherman and
   * Morrison).
   */
  private static final class Moments {
    private double ones;
    private double onesY;
    private double onesZ;
    private double zy;
    private double zz;
    private double yy;
    private double logConstant;

    Moments(List<EffectObservation> observations, double[] covariate, Heterogeneity cell) {
      double tau2 = cell.tau() * cell.tau();
      double common = tau2 * cell.shared();
      double own = tau2 - common;
      int groups = observations.stream().mapToInt(EffectObservation::group).max().orElse(0) + 1;
      double[][] sums = new double[groups][3];
      logConstant = observations.size() * LOG_TWO_PI;
      for (int i = 0; i < observations.size(); i++) {
        EffectObservation o = observations.get(i);
        double weight = 1 / (o.variance() + own);
        double z = covariate == null ? 0 : covariate[i];
        double y = o.effect();
        ones += weight;
        onesY += weight * y;
        onesZ += weight * z;
        zy += weight * z * y;
        zz += weight * z * z;
        yy += weight * y * y;
        logConstant -= Math.log(weight);
        double[] group = sums[o.group()];
        group[0] += weight;
        group[1] += weight * y;
        group[2] += weight * z;
      }
      if (common == 0) {
        return;
      }
      for (double[] group : sums) {
        double factor = common / (1 + common * group[0]);
        ones -= factor * group[0] * group[0];
        onesY -= factor * group[0] * group[1];
        onesZ -= factor * group[0] * group[2];
        zy -= factor * group[2] * group[1];
        zz -= factor * group[2] * group[2];
        yy -= factor * group[1] * group[1];
        logConstant += Math.log1p(common * group[0]);
      }
    }
  }
}
