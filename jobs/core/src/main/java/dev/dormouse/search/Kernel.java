package dev.dormouse.search;

/** Prior covariance of the deviations of two arms' results from their forecasts. */
interface Kernel {
  /** Returns the prior covariance of two arms' values, without the noise of a measurement. */
  double covariance(EncodedArm a, EncodedArm b);

  /** Returns the Matern 5/2 correlation (Rasmussen and Williams, 2006, equation 4.17). */
  static double matern(double distance, double length) {
    double scaled = Math.sqrt(5) * distance / length;
    return (1 + scaled + scaled * scaled / 3) * Math.exp(-scaled);
  }
}
