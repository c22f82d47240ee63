package dev.dormouse.search;

import dev.dormouse.forecast.ArmEncoder;
import dev.dormouse.model.Arm;

/** An arm as numbers, with its standardized forecast from before the campaign. */
final class EncodedArm {
  private final double[] at;
  private final double[] settings;
  private final String variant;
  private final double forecast;

  /**
   * @param forecast gain over the baseline, in standardized units
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

  boolean hasSameVariantAs(EncodedArm other) {
    return variant.equals(other.variant);
  }

  /** Returns the Euclidean distance of the encoded arms. */
  double distance(EncodedArm other) {
    double squared = 0;
    for (int i = 0; i < at.length; i++) {
      double difference = at[i] - other.at[i];
      squared += difference * difference;
    }
    return Math.sqrt(squared);
  }

  /**
   * Returns the number of parameters that both arms set to the same value; numbers that are close
   * count in part.
   *
   * @param length distance of two numbers, as a share of the parameter's range, that counts 1/e
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
