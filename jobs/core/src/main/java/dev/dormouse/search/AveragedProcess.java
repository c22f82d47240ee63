package dev.dormouse.search;

import java.util.Arrays;
import java.util.List;

/**
 * Average of Gaussian processes with different kernels, weighted by their likelihoods. A campaign's
 * few results seldom tell which kernel is right, so choosing one would claim too much.
 *
 * <p>Source: Hoeting, Madigan, Raftery and Volinsky, Bayesian Model Averaging: A Tutorial, 1999,
 * equations 1 to 4, with equal prior weights. A prediction is the normal distribution with the mean
 * and variance of the mixture.
 */
final class AveragedProcess implements Posterior {
  private final List<GaussianProcess> processes;
  private final double[] weights;

  private AveragedProcess(List<GaussianProcess> processes, double[] weights) {
    this.processes = List.copyOf(processes);
    this.weights = weights;
  }

  /**
   * Fits a process of each kernel to values at points.
   *
   * @param noiseVariances variance of each value around its point's true value
   */
  static AveragedProcess fit(
      EncodedArm[] points, double[] values, double[] noiseVariances, List<Kernel> kernels) {
    List<GaussianProcess> processes =
        kernels.stream()
            .map(kernel -> new GaussianProcess(points, values, noiseVariances, kernel))
            .toList();
    double[] logs = processes.stream().mapToDouble(GaussianProcess::logLikelihood).toArray();
    double highest = Arrays.stream(logs).max().orElseThrow();
    double[] likelihoods = Arrays.stream(logs).map(log -> Math.exp(log - highest)).toArray();
    double total = Arrays.stream(likelihoods).sum();
    return new AveragedProcess(
        processes, Arrays.stream(likelihoods).map(likelihood -> likelihood / total).toArray());
  }

  /** Keeps the weights: a value that was only assumed does not tell which kernel is right. */
  @Override
  public AveragedProcess with(EncodedArm point, double value, double noiseVariance) {
    return new AveragedProcess(
        processes.stream().map(process -> process.with(point, value, noiseVariance)).toList(),
        weights);
  }

  @Override
  public Prediction predict(EncodedArm point) {
    double mean = 0;
    double meanSquare = 0;
    for (int i = 0; i < weights.length; i++) {
      Prediction prediction = processes.get(i).predict(point);
      mean += weights[i] * prediction.mean();
      meanSquare +=
          weights[i] * (prediction.sd() * prediction.sd() + prediction.mean() * prediction.mean());
    }
    return new Prediction(
        mean, Math.sqrt(Math.max(meanSquare - mean * mean, GaussianProcess.LEAST_VARIANCE)));
  }
}
