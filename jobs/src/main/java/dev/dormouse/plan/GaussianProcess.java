package dev.dormouse.plan;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;

/**
 * Gaussian process regression of standardized values on points, with a prior forecast whose weight
 * is unknown: {@code value = offset + trust * forecast + deviation(point) + noise}, where trust ~
 * N(1, 1), the offset is wide and the deviation has a Matern 5/2 kernel. Integrating the trust out
 * (a linear kernel on the forecast) is how a campaign's own results decide how far past studies are
 * believed.
 *
 * <p>Source: Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, sections 2.2
 * and 2.7 (algorithm 2.1; explicit basis functions).
 */
final class GaussianProcess {
  private static final double OFFSET_VARIANCE = 4;
  private static final double TRUST_VARIANCE = 1;
  private static final double[] LENGTHS = {0.5, 1, 2};
  private static final double[] AMPLITUDES = {0.3, 1};
  private static final double DEFAULT_LENGTH = 1;
  private static final double DEFAULT_AMPLITUDE = 0.6;

  /** Below this many values their likelihood says too little about the kernel. */
  private static final int FEW = 6;

  /** An encoded arm with what was expected of it before the campaign, standardized. */
  static final class Point {
    private final double[] at;
    private final double forecast;

    Point(double[] at, double forecast) {
      this.at = at.clone();
      this.forecast = forecast;
    }
  }

  /** A forecast for a point, with its standard deviation (without the noise of a measurement). */
  record Prediction(double mean, double sd) {}

  private final Point[] points;
  private final double length;
  private final double amplitude;
  private final double[] factor;
  private final double[] whitened;
  private final double logLikelihood;

  private GaussianProcess(
      Point[] points, double[] values, double noiseVariance, double length, double amplitude) {
    this.points = points;
    this.length = length;
    this.amplitude = amplitude;
    int n = points.length;
    DMatrixRMaj covariance = new DMatrixRMaj(n, n);
    this.whitened = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        covariance.set(i, j, covariance(points[i], points[j]) + (i == j ? noiseVariance : 0));
      }
      whitened[i] = values[i] - points[i].forecast;
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

  /** Fits to values at points; the kernel's parameters are those of the greatest likelihood. */
  static GaussianProcess fit(Point[] points, double[] values, double noiseVariance) {
    GaussianProcess best =
        new GaussianProcess(points, values, noiseVariance, DEFAULT_LENGTH, DEFAULT_AMPLITUDE);
    if (points.length < FEW) {
      return best;
    }
    for (double length : LENGTHS) {
      for (double amplitude : AMPLITUDES) {
        GaussianProcess other =
            new GaussianProcess(points, values, noiseVariance, length, amplitude);
        best = other.logLikelihood > best.logLikelihood ? other : best;
      }
    }
    return best;
  }

  /** The same kernel fitted to other values. */
  GaussianProcess refit(Point[] otherPoints, double[] values, double noiseVariance) {
    return new GaussianProcess(otherPoints, values, noiseVariance, length, amplitude);
  }

  Prediction predict(Point point) {
    int n = points.length;
    double[] cross = new double[n];
    for (int i = 0; i < n; i++) {
      cross[i] = covariance(point, points[i]);
    }
    TriangularSolver_DDRM.solveL(factor, cross, n);
    double mean = point.forecast;
    double variance = covariance(point, point);
    for (int i = 0; i < n; i++) {
      mean += cross[i] * whitened[i];
      variance -= cross[i] * cross[i];
    }
    return new Prediction(mean, Math.sqrt(Math.max(variance, 1e-12)));
  }

  private double covariance(Point a, Point b) {
    double squared = 0;
    for (int i = 0; i < a.at.length; i++) {
      double difference = a.at[i] - b.at[i];
      squared += difference * difference;
    }
    double scaled = Math.sqrt(5 * squared) / length;
    return amplitude * (1 + scaled + scaled * scaled / 3) * Math.exp(-scaled)
        + TRUST_VARIANCE * a.forecast * b.forecast
        + OFFSET_VARIANCE;
  }
}
