package dev.dormouse.search;

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

  /** Lower limit of a prediction's variance, against rounding. */
  static final double LEAST_VARIANCE = 1e-12;

  private final EncodedArm[] points;
  private final Kernel kernel;
  private final double[] factor;
  private final double[] whitened;
  private final double logLikelihood;

  /**
   * Fits a process to values at points.
   *
   * @param noiseVariances variance of each value around its point's true value
   */
  GaussianProcess(EncodedArm[] points, double[] values, double[] noiseVariances, Kernel kernel) {
    this.points = points;
    this.kernel = kernel;
    int n = points.length;
    DMatrixRMaj covariance = new DMatrixRMaj(n, n);
    this.whitened = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        covariance.set(
            i, j, kernel.covariance(points[i], points[j]) + (i == j ? noiseVariances[i] : 0));
      }
      whitened[i] = values[i] - points[i].forecast();
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

  /** Returns a process with the same kernel, fitted to other values. */
  @Override
  public GaussianProcess refit(EncodedArm[] otherPoints, double[] values, double[] noiseVariances) {
    return new GaussianProcess(otherPoints, values, noiseVariances, kernel);
  }

  /** Returns the logarithm of the values' likelihood, up to a constant. */
  double logLikelihood() {
    return logLikelihood;
  }

  @Override
  public Prediction predict(EncodedArm point) {
    int n = points.length;
    double[] cross = new double[n];
    for (int i = 0; i < n; i++) {
      cross[i] = kernel.covariance(point, points[i]);
    }
    TriangularSolver_DDRM.solveL(factor, cross, n);
    double mean = point.forecast();
    double variance = kernel.covariance(point, point);
    for (int i = 0; i < n; i++) {
      mean += cross[i] * whitened[i];
      variance -= cross[i] * cross[i];
    }
    return new Prediction(mean, Math.sqrt(Math.max(variance, LEAST_VARIANCE)));
  }
}
