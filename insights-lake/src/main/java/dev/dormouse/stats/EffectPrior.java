package dev.dormouse.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * What many effects, measured alike, say of an effect before it is looked at: how often there is
 * none, how large they are, and how much they differ between studies. The prior of one effect is a
 * mixture over a grid: normal around zero with one of several scales, a scale of zero among them,
 * and one of several {@link Heterogeneity heterogeneities}; the weights are those that make all
 * measurements together most likely.
 *
 * <p>Adaptive shrinkage as in Stephens (2017), "False discovery rates: a new deal", extended by the
 * heterogeneity between studies: what remains of an effect after it was chosen for being large.
 */
public final class EffectPrior {
  /** What the weights start from counts as much as so many effects (Stephens 2017 uses 10). */
  private static final double PSEUDO_EFFECTS = 10;

  private static final double NO_EFFECT = 0.5;

  /** In standard errors: about what survives the testing of hundreds. */
  private static final double STANDS_OUT = 3;

  private static final NormalDistribution STANDARD = NormalDistribution.of(0, 1);
  private static final int MOST_FITTED = 4000;
  private static final int MOST_ITERATIONS = 300;
  private static final double CONVERGED = 1e-4;

  private final List<Heterogeneity> grid;
  private final double[] scales;
  private final double[][] weights;

  private EffectPrior(List<Heterogeneity> grid, double[] scales, double[][] weights) {
    this.grid = grid;
    this.scales = scales;
    this.weights = weights;
  }

  /**
   * The prior that effects suggest, by expectation maximization. Of very many effects an even
   * selection is looked at.
   *
   * @param effects likelihoods over {@code grid}
   * @param smallest the smallest scale of effects to tell from none
   * @param largest the largest that could matter
   */
  public static EffectPrior fit(
      List<EffectLikelihood> effects, List<Heterogeneity> grid, double smallest, double largest) {
    double[] scales = scales(smallest, largest);
    double[][] start = start(grid, scales);
    double[][] weights = start;
    List<EffectLikelihood> fitted = evenly(effects);
    double[][][] likelihoods =
        fitted.stream().map(effect -> likelihoods(effect, scales)).toArray(double[][][]::new);
    for (int i = 0; i < MOST_ITERATIONS; i++) {
      double[][] next = improved(weights, start, likelihoods);
      double change = largestChange(weights, next);
      weights = next;
      if (change < CONVERGED) {
        break;
      }
    }
    return new EffectPrior(grid, scales, weights);
  }

  private static double[] scales(double smallest, double largest) {
    List<Double> scales = new ArrayList<>(List.of(0.0));
    for (double scale = smallest; scale < 2 * largest; scale *= 2) {
      scales.add(scale);
    }
    return scales.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Half no effect, the rest even over scales; heterogeneities as plausible as they say. */
  private static double[][] start(List<Heterogeneity> grid, double[] scales) {
    double all = grid.stream().mapToDouble(Heterogeneity::plausibility).sum();
    double[][] start = new double[grid.size()][scales.length];
    for (int c = 0; c < start.length; c++) {
      double plausibility = grid.get(c).plausibility() / all;
      Arrays.fill(start[c], plausibility * (1 - NO_EFFECT) / (scales.length - 1));
      start[c][0] = plausibility * NO_EFFECT;
    }
    return start;
  }

  private static List<EffectLikelihood> evenly(List<EffectLikelihood> effects) {
    if (effects.size() <= MOST_FITTED) {
      return effects;
    }
    List<EffectLikelihood> some = new ArrayList<>();
    for (int i = 0; i < MOST_FITTED; i++) {
      some.add(effects.get((int) ((long) i * effects.size() / MOST_FITTED)));
    }
    return some;
  }

  /** By cell and scale, up to a factor of the effect's own. */
  private static double[][] likelihoods(EffectLikelihood effect, double[] scales) {
    double[][] likelihoods = new double[effect.cells()][scales.length];
    double largest = effect.largestLogWeight();
    for (int c = 0; c < effect.cells(); c++) {
      double outside = effect.logWeight(c) - largest;
      for (int k = 0; k < scales.length; k++) {
        double variance = effect.variance(c) + scales[k] * scales[k];
        double estimate = effect.estimate(c);
        likelihoods[c][k] =
            Math.exp(outside - 0.5 * estimate * estimate / variance) / Math.sqrt(variance);
      }
    }
    return likelihoods;
  }

  private static double[][] improved(
      double[][] weights, double[][] start, double[][][] likelihoods) {
    double[][] next = new double[weights.length][weights[0].length];
    double all = likelihoods.length + PSEUDO_EFFECTS;
    for (int c = 0; c < next.length; c++) {
      for (int k = 0; k < next[c].length; k++) {
        next[c][k] = PSEUDO_EFFECTS * start[c][k] / all;
      }
    }
    for (double[][] likelihood : likelihoods) {
      double total = 0;
      for (int c = 0; c < next.length; c++) {
        for (int k = 0; k < next[c].length; k++) {
          total += weights[c][k] * likelihood[c][k];
        }
      }
      if (total > 0) {
        for (int c = 0; c < next.length; c++) {
          for (int k = 0; k < next[c].length; k++) {
            next[c][k] += weights[c][k] * likelihood[c][k] / (total * all);
          }
        }
      }
    }
    return next;
  }

  private static double largestChange(double[][] before, double[][] after) {
    double largest = 0;
    for (int c = 0; c < before.length; c++) {
      for (int k = 0; k < before[c].length; k++) {
        largest = Math.max(largest, Math.abs(before[c][k] - after[c][k]));
      }
    }
    return largest;
  }

  /**
   * Two-sided test of no effect on average, by the effect's own measurements and the heterogeneity
   * of effects that are none.
   */
  public double pValue(EffectLikelihood effect) {
    double above = plain(effect).above(0);
    return 2 * Math.min(above, 1 - above);
  }

  /** What is known of an effect by its own measurements and by this prior. */
  public PooledEffect pooled(EffectLikelihood effect) {
    NormalMixture plain = plain(effect);
    int n = grid.size() * scales.length;
    double[] mix = new double[n];
    double[] means = new double[n];
    double[] sds = new double[n];
    double[] newSds = new double[n];
    double[][] likelihoods = likelihoods(effect, scales);
    double total = 0;
    for (int c = 0; c < grid.size(); c++) {
      for (int k = 0; k < scales.length; k++) {
        int i = c * scales.length + k;
        double scale2 = scales[k] * scales[k];
        double kept = scale2 / (scale2 + effect.variance(c));
        mix[i] = weights[c][k] * likelihoods[c][k];
        means[i] = kept * effect.estimate(c);
        sds[i] = Math.sqrt(kept * effect.variance(c));
        newSds[i] = Math.hypot(sds[i], grid.get(c).tau());
        total += mix[i];
      }
    }
    for (int i = 0; i < n; i++) {
      mix[i] /= total;
    }
    NormalMixture posterior = new NormalMixture(mix, means, sds);
    NormalMixture elsewhere = new NormalMixture(mix, means, newSds);
    return new PooledEffect(
        plain.central95(),
        posterior.central95(),
        elsewhere.quantile(0.025),
        elsewhere.quantile(0.975),
        elsewhere.above(0),
        heterogeneity(mix));
  }

  /**
   * How likely such an effect is to stand out before it is looked at: by the precision with which
   * it was measured, not by what was measured.
   */
  public double promise(EffectLikelihood effect) {
    double promise = 0;
    for (int c = 0; c < grid.size(); c++) {
      for (int k = 0; k < scales.length; k++) {
        double spread = effect.variance(c) + scales[k] * scales[k];
        double needed = STANDS_OUT * Math.sqrt(effect.variance(c) / spread);
        promise += weights[c][k] * 2 * STANDARD.survivalProbability(needed);
      }
    }
    return promise;
  }

  /**
   * What is known of an effect with nothing assumed of itself, and the heterogeneity of effects
   * that are none on average: what a test of no effect has to assume.
   */
  private NormalMixture plain(EffectLikelihood effect) {
    int n = grid.size();
    double[] mix = new double[n];
    double[] means = new double[n];
    double[] sds = new double[n];
    double largest = effect.largestLogWeight();
    double total = 0;
    for (int c = 0; c < n; c++) {
      mix[c] = weights[c][0] * Math.exp(effect.logWeight(c) - largest);
      means[c] = effect.estimate(c);
      sds[c] = Math.sqrt(effect.variance(c));
      total += mix[c];
    }
    for (int c = 0; c < n; c++) {
      mix[c] /= total;
    }
    return new NormalMixture(mix, means, sds);
  }

  private double heterogeneity(double[] mix) {
    double square = 0;
    for (int i = 0; i < mix.length; i++) {
      double tau = grid.get(i / scales.length).tau();
      square += mix[i] * tau * tau;
    }
    return Math.sqrt(square);
  }
}
