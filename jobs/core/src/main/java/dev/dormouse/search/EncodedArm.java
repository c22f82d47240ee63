package dev.dormouse.search;

import dev.dormouse.forecast.ArmEncoder;
import dev.dormouse.model.Arm;

/** An encoded arm with what was expected of it before the campaign, standardized. */
final class EncodedArm {
  private final double[] at;
  private final double[] settings;
  private final String variant;
  private final double forecast;

  /**
   * @param forecast in units of the process
   */
  EncodedArm(Arm arm, ArmEncoder encoder, double forecast) {
    this.at = encoder.encode(arm);
    this.settings = encoder.settings(arm);
    this.variant = arm.modelVariant();
    this.forecast = forecast;
  }

  double forecast() {
    return forecast;
  }

  boolean hasVariantOf(EncodedArm other) {
    return variant.equals(other.variant);
  }

  /** Euclidean distance of the encoded arms. */
  double distance(EncodedArm other) {
    double squared = 0;
    for (int i = 0; i < at.length; i++) {
      double difference = at[i] - other.at[i];
      squared += difference * difference;
    }
    return Math.sqrt(squared);
  }

  /**
   * How many parameters both arms set to the same value; a number that is close to the other's
   * counts in part.
   *
   * @param length the distance of two numbers, of the parameter's range, at which 1/e counts
   */
  double sharedSettings(EncodedArm other, double length) {
    double shared = 0;
    for (int i = 0; i < settings.length; i++) {
      double difference = Math.abs(settings[i] - other.settings[i]);
      if (!Double.isNaN(difference)) {
        shared += Math.exp(-difference / length);
      }
    }
    return shared;
  }
}
