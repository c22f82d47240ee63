package dev.dormouse.search;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;

/**
 * Gaussian process regression of standardized values on points: {@code value = forecast +
 * deviation(point) + noise}. With a kernel that is linear in the forecast, the trust in forecasts
 * is learnt from the campaign's own results.
 *
 * <p>Source: Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, sections 2.2
 * and 2.7 (algorithm 2.1; explicit basis functions).
 *
 * <p>Written on EJML's Cholesky decomposition rather than taken from a library: the kernels are our
 * own, an explicit basis for forecasts is needed, and recorded campaigns are replayed bit by bit.
 */
final class GaussianProcess implements Posterior {
  /** Below this many values the likelihood is too uncertain to choose a kernel by. */
  private static final int FEW = 6;

  /** Room for the points of a batch. */
  private static final int SPARE = 8;

  /** Lower limit of a prediction's variance, against rounding. */
  static final double LEAST_VARIANCE = 1e-12;

  private final EncodedArm[] points;
  private final double[] values;
  private final double[] noiseVariances;
  private final Kernel kernel;

  /** Prior covariances of each point with itself and those before it. */
  private final double[][] covariances;

  private final double[] factor;
  private final double[] whitened;
  private final double logLikelihood;

  /** What was solved for predicted points. A process that extends this one takes it over. */
  private IdentityHashMap<EncodedArm, Solution> solutions;

  /**
   * Fits a process to values at points.
   *
   * @param noiseVariances variance of each value around its point's true value
   */
  GaussianProcess(EncodedArm[] points, double[] values, double[] noiseVariances, Kernel kernel) {
    this(points, values, noiseVariances, kernel, new double[0][], new IdentityHashMap<>());
  }

  /**
   * Extends a process: what it knew of the first points is not computed again.
   *
   * @param known covariances of the first points
   */
  private GaussianProcess(
      EncodedArm[] points,
      double[] values,
      double[] noiseVariances,
      Kernel kernel,
      double[][] known,
      IdentityHashMap<EncodedArm, Solution> solutions) {
    this.points = points;
    this.values = values;
    this.noiseVariances = noiseVariances;
    this.kernel = kernel;
    this.solutions = solutions;
    int n = points.length;
    this.covariances = Arrays.copyOf(known, n);
    for (int j = known.length; j < n; j++) {
      covariances[j] = new double[j + 1];
      for (int i = 0; i <= j; i++) {
        covariances[j][i] = kernel.covariance(points[i], points[j]);
      }
    }
    DMatrixRMaj covariance = new DMatrixRMaj(n, n);
    this.whitened = new double[n];
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < j; i++) {
        covariance.set(i, j, covariances[j][i]);
        covariance.set(j, i, covariances[j][i]);
      }
      covariance.set(j, j, covariances[j][j] + noiseVariances[j]);
      whitened[j] = values[j] - points[j].forecast();
    }
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(n, true);
    if (!cholesky.decompose(covariance)) {
      throw new IllegalStateException("A covariance plus positive noise is positive definite");
    }
    this.factor = cholesky.getT(null).getData();
    TriangularSolver_DDRM.solveL(factor, whitened, n);
    double fit = 0;
    for (int i = 0; i < n; i++) {
      fit -= 0.5 * whitened[i] * whitened[i] + Math.log(factor[i * n + i]);
    }
    this.logLikelihood = fit;
  }

  /**
   * Fits a process to values at points.
   *
   * @param noiseVariances variance of each value around its point's true value
   * @param kernels the one with the highest likelihood is used; the first if there are few values
   */
  static GaussianProcess fit(
      EncodedArm[] points, double[] values, double[] noiseVariances, List<Kernel> kernels) {
    GaussianProcess best = new GaussianProcess(points, values, noiseVariances, kernels.get(0));
    if (points.length < FEW) {
      return best;
    }
    for (Kernel kernel : kernels.subList(1, kernels.size())) {
      GaussianProcess other = new GaussianProcess(points, values, noiseVariances, kernel);
      best = other.logLikelihood > best.logLikelihood ? other : best;
    }
    return best;
  }

  @Override
  public GaussianProcess with(EncodedArm point, double value, double noiseVariance) {
    int n = points.length;
    EncodedArm[] morePoints = Arrays.copyOf(points, n + 1);
    double[] moreValues = Arrays.copyOf(values, n + 1);
    double[] moreVariances = Arrays.copyOf(noiseVariances, n + 1);
    morePoints[n] = point;
    moreValues[n] = value;
    moreVariances[n] = noiseVariance;
    IdentityHashMap<EncodedArm, Solution> taken = solutions;
    solutions = new IdentityHashMap<>();
    return new GaussianProcess(morePoints, moreValues, moreVariances, kernel, covariances, taken);
  }

  /** Returns the number of values. */
  int size() {
    return points.length;
  }

  /** Returns the logarithm of the values' likelihood, up to a constant. */
  double logLikelihood() {
    return logLikelihood;
  }

  @Override
  public Prediction predict(EncodedArm point) {
    Solution solution =
        solutions.computeIfAbsent(point, p -> new Solution(kernel.covariance(p, p)));
    double[] cross = solution.upTo(this, point);
    double mean = point.forecast();
    double variance = solution.prior;
    for (int i = 0; i < points.length; i++) {
      mean += cross[i] * whitened[i];
      variance -= cross[i] * cross[i];
    }
    return new Prediction(mean, Math.sqrt(Math.max(variance, LEAST_VARIANCE)));
  }

  /**
   * The covariances of a predicted point with the points, multiplied by the inverse of the factor.
   * Each further point adds a number and changes none, so that a batch, in which every choice is
   * one more point, need not solve from the start.
   */
  private static final class Solution {
    private final double prior;
    private double[] cross = new double[0];
    private int size;

    Solution(double prior) {
      this.prior = prior;
    }

    /** Returns at least as many numbers as the process has points, by forward substitution. */
    double[] upTo(GaussianProcess process, EncodedArm point) {
      int n = process.points.length;
      if (cross.length < n) {
        cross = Arrays.copyOf(cross, n + SPARE);
      }
      for (; size < n; size++) {
        double left = process.kernel.covariance(point, process.points[size]);
        for (int i = 0; i < size; i++) {
          left -= process.factor[size * n + i] * cross[i];
        }
        cross[size] = left / process.factor[size * n + size];
      }
      return cross;
    }
  }
}
