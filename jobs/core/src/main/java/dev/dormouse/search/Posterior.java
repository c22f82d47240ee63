package dev.dormouse.search;

/** What is known of the values of points after some were measured. */
interface Posterior {
  /** Mean and standard deviation of a point's value, without the noise of a measurement. */
  record Prediction(double mean, double sd) {}

  Prediction predict(EncodedArm point);

  /**
   * Returns the posterior of the same model after one more measurement.
   *
   * @param noiseVariance variance of the value around the point's true value
   */
  Posterior with(EncodedArm point, double value, double noiseVariance);
}
