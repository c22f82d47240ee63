package dev.dormouse.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The prior distribution of an effect, fitted to many effects that are measured alike: how often
 * there is none, how large they are, and how much they differ between studies. It is a mixture over
 * a grid: normal around zero with one of several scales, a scale of zero among them, and one of
 * several {@link Heterogeneity heterogeneities}; the weights maximize the likelihood of all
 * measurements.
 *
 * <p>Adaptive shrinkage as in Stephens (2017), "False discovery rates: a new deal", extended by the
 * heterogeneity between studies: it corrects effects that were selected for being large.
 *
 * <p>Few effects do not determine the weights well. The weights are fitted to several resamples of
 * the effects, and the posterior of an effect is the average over the resamples (Laird and Louis
 * 1987, "Empirical Bayes confidence intervals based on bootstrap samples"); otherwise intervals are
 * too narrow.
 */
public final class EffectPrior {
  /** The start weights count as much as so many effects (Stephens 2017 uses 10). */
  private static final double PSEUDO_EFFECTS = 10;

  private static final double NO_EFFECT = 0.5;

  /** In standard errors: about the threshold when hundreds of effects are tested. */
  private static final double STANDS_OUT = 3;

  private static final int RESAMPLES = 20;

  /** With more effects, the weights are precise enough without resampling. */
  private static final int MOST_RESAMPLED = 2000;

  private static final NormalDistribution STANDARD = NormalDistribution.of(0, 1);
  private static final int MOST_FITTED = 4000;
  private static final int MOST_ITERATIONS = 300;
  private static final double CONVERGED = 1e-4;

  private final List<Heterogeneity> grid;
  private final double[] scales;

  /** One array for each resample, ordered by heterogeneity and, within it, by scale. */
  private final List<double[]> weights;

  private EffectPrior(List<Heterogeneity> grid, double[] scales, List<double[]> weights) {
    this.grid = grid;
    this.scales = scales;
    this.weights = weights;
  }

  /**
   * Fits the prior by expectation maximization. Of very many effects an even selection is used.
   *
   * @param families likelihoods over {@code grid}; those of one family are measured on the same
   *     runs, so that they are resampled together
   * @param smallest the smallest scale of effects to distinguish from none
   * @param largest the largest scale that could matter
   */
  public static EffectPrior fit(
      List<List<EffectLikelihood>> families,
      List<Heterogeneity> grid,
      double smallest,
      double largest) {
    double[] scales = scales(smallest, largest);
    double[] start = start(grid, scales);
    List<List<EffectLikelihood>> fitted = evenly(families);
    double[][] likelihoods =
        fitted.stream()
            .flatMap(List::stream)
            .map(effect -> likelihoods(effect, scales))
            .toArray(double[][]::new);
    List<double[]> weights =
        counts(fitted).parallelStream().map(counts -> fitted(start, likelihoods, counts)).toList();
    return new EffectPrior(grid, scales, weights);
  }

  /**
   * Returns, for each resample, the weight of each effect: the Bayesian bootstrap (Rubin 1981),
   * which gives no effect a weight of 0.
   */
  private static List<double[]> counts(List<List<EffectLikelihood>> families) {
    int effects = families.stream().mapToInt(List::size).sum();
    if (effects > MOST_RESAMPLED) {
      return List.of(DoubleStream.generate(() -> 1).limit(effects).toArray());
    }
    SplittableRandom random = new SplittableRandom(effects);
    List<double[]> resamples = new ArrayList<>();
    for (int r = 0; r < RESAMPLES; r++) {
      double[] drawn =
          families.stream().mapToDouble(family -> -Math.log1p(-random.nextDouble())).toArray();
      double mean = Arrays.stream(drawn).sum() / drawn.length;
      resamples.add(
          IntStream.range(0, drawn.length)
              .boxed()
              .flatMapToDouble(f -> families.get(f).stream().mapToDouble(e -> drawn[f] / mean))
              .toArray());
    }
    return resamples;
  }

  private static double[] fitted(double[] start, double[][] likelihoods, double[] counts) {
    double[] weights = start;
    for (int i = 0; i < MOST_ITERATIONS; i++) {
      double[] next = improved(weights, start, likelihoods, counts);
      double change = largestChange(weights, next);
      weights = next;
      if (change < CONVERGED) {
        break;
      }
    }
    return weights;
  }

  private static double[] scales(double smallest, double largest) {
    List<Double> scales = new ArrayList<>(List.of(0.0));
    for (double scale = smallest; scale < 2 * largest; scale *= 2) {
      scales.add(scale);
    }
    return scales.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Gives no effect half of the weight, the scales equal shares of the rest. */
  private static double[] start(List<Heterogeneity> grid, double[] scales) {
    double all = grid.stream().mapToDouble(Heterogeneity::plausibility).sum();
    double[] start = new double[grid.size() * scales.length];
    for (int c = 0; c < grid.size(); c++) {
      double plausibility = grid.get(c).plausibility() / all;
      int from = c * scales.length;
      Arrays.fill(
          start, from, from + scales.length, plausibility * (1 - NO_EFFECT) / (scales.length - 1));
      start[from] = plausibility * NO_EFFECT;
    }
    return start;
  }

  private static List<List<EffectLikelihood>> evenly(List<List<EffectLikelihood>> families) {
    List<EffectLikelihood> effects = families.stream().flatMap(List::stream).toList();
    if (effects.size() <= MOST_FITTED) {
      return families;
    }
    List<EffectLikelihood> some = new ArrayList<>();
    for (int i = 0; i < MOST_FITTED; i++) {
      some.add(effects.get((int) ((long) i * effects.size() / MOST_FITTED)));
    }
    return List.of(some);
  }

  /** Returns likelihoods by heterogeneity and scale, up to a constant factor for each effect. */
  private static double[] likelihoods(EffectLikelihood effect, double[] scales) {
    double[] likelihoods = new double[effect.cells() * scales.length];
    double largest = effect.largestLogWeight();
    for (int c = 0; c < effect.cells(); c++) {
      double outside = effect.logWeight(c) - largest;
      for (int k = 0; k < scales.length; k++) {
        double variance = effect.variance(c) + scales[k] * scales[k];
        double estimate = effect.estimate(c);
        likelihoods[c * scales.length + k] =
            Math.exp(outside - 0.5 * estimate * estimate / variance) / Math.sqrt(variance);
      }
    }
    return likelihoods;
  }

  private static double[] improved(
      double[] weights, double[] start, double[][] likelihoods, double[] counts) {
    double all = Arrays.stream(counts).sum() + PSEUDO_EFFECTS;
    double[] next = new double[weights.length];
    for (int i = 0; i < next.length; i++) {
      next[i] = PSEUDO_EFFECTS * start[i] / all;
    }
    for (int e = 0; e < likelihoods.length; e++) {
      double total = product(weights, likelihoods[e]);
      if (total > 0) {
        double factor = counts[e] / (total * all);
        for (int i = 0; i < next.length; i++) {
          next[i] += factor * weights[i] * likelihoods[e][i];
        }
      }
    }
    return next;
  }

  private static double product(double[] weights, double[] likelihoods) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * likelihoods[i];
    }
    return sum;
  }

  private static double largestChange(double[] before, double[] after) {
    double largest = 0;
    for (int i = 0; i < before.length; i++) {
      largest = Math.max(largest, Math.abs(before[i] - after[i]));
    }
    return largest;
  }

  /** Returns the posterior weights, averaged over resamples; they sum to 1. */
  private double[] mixed(double[] likelihoods) {
    double[] mixed = new double[likelihoods.length];
    for (double[] w : weights) {
      double total = product(w, likelihoods) * weights.size();
      for (int i = 0; i < mixed.length; i++) {
        mixed[i] += w[i] * likelihoods[i] / total;
      }
    }
    return mixed;
  }

  /**
   * Tests, two-sided, that the effect is zero on average, by its own measurements and the
   * heterogeneity of effects that are zero on average.
   */
  public double pValue(EffectLikelihood effect) {
    double above = plain(effect).above(0);
    return 2 * Math.min(above, 1 - above);
  }

  /** Estimates an effect by its own measurements and by this prior. */
  public PooledEffect pooled(EffectLikelihood effect) {
    double[] mix = mixed(likelihoods(effect, scales));
    double[] means = new double[mix.length];
    double[] sds = new double[mix.length];
    double[] newSds = new double[mix.length];
    for (int i = 0; i < mix.length; i++) {
      int c = i / scales.length;
      double scale = scales[i % scales.length];
      double kept = scale * scale / (scale * scale + effect.variance(c));
      means[i] = kept * effect.estimate(c);
      sds[i] = Math.sqrt(kept * effect.variance(c));
      newSds[i] = Math.hypot(sds[i], grid.get(c).tau());
    }
    NormalMixture posterior = new NormalMixture(mix, means, sds);
    NormalMixture elsewhere = new NormalMixture(mix, means, newSds);
    return new PooledEffect(
        plain(effect).central95(),
        posterior.central95(),
        elsewhere.quantile(0.025),
        elsewhere.quantile(0.975),
        elsewhere.above(0),
        heterogeneity(mix));
  }

  /**
   * Returns the weight of the effect's test: the prior probability of a significant result, given
   * the precision of the measurements. It does not depend on the measured effect.
   */
  public double testWeight(EffectLikelihood effect) {
    double probability = 0;
    for (int i = 0; i < grid.size() * scales.length; i++) {
      double variance = effect.variance(i / scales.length);
      double scale = scales[i % scales.length];
      double needed = STANDS_OUT * Math.sqrt(variance / (variance + scale * scale));
      probability += weight(i) * 2 * STANDARD.survivalProbability(needed);
    }
    return probability;
  }

  private double weight(int i) {
    return weights.stream().mapToDouble(w -> w[i]).sum() / weights.size();
  }

  /**
   * Estimates an effect without a prior of its size, with the heterogeneity of effects that are
   * zero on average, as a test of no effect has to assume.
   */
  private NormalMixture plain(EffectLikelihood effect) {
    int n = grid.size();
    double[] likelihoods = new double[n * scales.length];
    double[] means = new double[n];
    double[] sds = new double[n];
    double largest = effect.largestLogWeight();
    for (int c = 0; c < n; c++) {
      likelihoods[c * scales.length] = Math.exp(effect.logWeight(c) - largest);
      means[c] = effect.estimate(c);
      sds[c] = Math.sqrt(effect.variance(c));
    }
    double[] mixed = mixed(likelihoods);
    double[] mix = IntStream.range(0, n).mapToDouble(c -> mixed[c * scales.length]).toArray();
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
