package dev.dormouse.search;

/**
 * Additive kernel, used since version 2 of the rules: {@code value = offset + trust * forecast +
 * effect of the model variant + main effects of the parameters + deviation(point)}. The main
 * effects let a campaign learn from one result that a whole model family is better in its study
 * than history says; a smooth deviation alone cannot.
 *
 * <p>The variances come from past studies, where a variant's effect is about as large as all other
 * effects together; changing any of them by a factor of two makes no difference on the replay
 * tasks. They hold where forecasts explain a quarter of the variance, and shrink where forecasts
 * explain more.
 *
 * @param unexplained variance that forecasts leave unexplained, relative to where they explain a
 *     quarter
 * @param trustVariance variance of the factor by which forecasts have to be scaled
 * @param variantVariance variance of the effects of model variants
 * @param settingVariance variance of the effect of a parameter's value
 * @param deviationVariance variance of what is left: a smooth function of the whole arm
 */
record ArmKernel(
    double unexplained,
    double trustVariance,
    double variantVariance,
    double settingVariance,
    double deviationVariance)
    implements Kernel {
  static final double TRUST_VARIANCE = 0.25;

  private static final double OFFSET_VARIANCE = 4;
  private static final double SETTING_LENGTH = 0.3;
  private static final double DEVIATION_LENGTH = 2;

  @Override
  public double covariance(EncodedArm a, EncodedArm b) {
    return OFFSET_VARIANCE
        + trustVariance * a.forecast() * b.forecast()
        + unexplained
            * ((a.hasSameVariantAs(b) ? variantVariance : 0)
                + settingVariance * a.sharedSettings(b, SETTING_LENGTH)
                + deviationVariance * Kernel.matern(a.distance(b), DEVIATION_LENGTH));
  }
}
