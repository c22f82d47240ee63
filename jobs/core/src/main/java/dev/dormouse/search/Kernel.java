package dev.dormouse.search;

/** How far two arms' results are expected to deviate from their forecasts together. */
interface Kernel {
  /** Prior covariance of two arms' values, without the noise of a measurement. */
  double covariance(EncodedArm a, EncodedArm b);

  /** Matern 5/2 correlation (Rasmussen and Williams, 2006, equation 4.17). */
  static double matern(double distance, double length) {
    double scaled = Math.sqrt(5) * distance / length;
    return (1 + scaled + scaled * scaled / 3) * Math.exp(-scaled);
  }
}
