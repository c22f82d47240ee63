package dev.dormouse.search;

/**
 * The kernel since the second rules: {@code value = offset + trust * forecast + effect of the model
 * variant + effects of the parameters, each for itself + deviation(point)}. A variant's and a
 * parameter's own effects are what lets a campaign learn from one result that a whole family of
 * models is better in its study than history says; a smooth deviation alone can't.
 *
 * <p>In past studies a variant's effect is about as large as all else together, which is where the
 * variances come from; none of them matters to a factor of two (tried on the replay tasks). They
 * are what is left where forecasts explain a quarter of the variance, and shrink where forecasts
 * explain more.
 *
 * @param unexplained what forecasts leave unexplained, relative to where they explain a quarter
 * @param trustVariance of the factor by which forecasts are to be stretched
 */
record ArmKernel(double unexplained, double trustVariance) implements Kernel {
  static final double TRUST_VARIANCE = 0.25;

  private static final double OFFSET_VARIANCE = 4;
  private static final double VARIANT_VARIANCE = 0.5;
  private static final double SETTING_VARIANCE = 0.03;
  private static final double SETTING_LENGTH = 0.3;
  private static final double DEVIATION_VARIANCE = 0.5;
  private static final double DEVIATION_LENGTH = 2;

  @Override
  public double covariance(EncodedArm a, EncodedArm b) {
    return OFFSET_VARIANCE
        + trustVariance * a.forecast() * b.forecast()
        + unexplained
            * ((a.hasVariantOf(b) ? VARIANT_VARIANCE : 0)
                + SETTING_VARIANCE * a.sharedSettings(b, SETTING_LENGTH)
                + DEVIATION_VARIANCE * Kernel.matern(a.distance(b), DEVIATION_LENGTH));
  }
}
