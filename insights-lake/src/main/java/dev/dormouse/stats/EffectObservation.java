package dev.dormouse.stats;

/**
 * One measured effect of several that are pooled.
 *
 * @param effect the measured effect
 * @param variance its sampling variance, above 0
 * @param group measurements of one group, e.g. the slices of one study, share part of the
 *     heterogeneity
 */
public record EffectObservation(double effect, double variance, int group) {
  public EffectObservation {
    if (!(variance > 0)) {
      throw new IllegalArgumentException("A sampling variance must be above 0; got " + variance);
    }
  }
}
