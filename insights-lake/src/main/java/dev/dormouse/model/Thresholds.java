package dev.dormouse.model;

/** Constants that planning and campaigns must agree on. */
public final class Thresholds {
  /** The first seed of confirmation, which no search uses; the others follow it. */
  public static final long FIRST_FRESH_SEED = 1001;

  /** Least gain of a promising arm after shrinkage, in standard deviations of seed noise. */
  public static final double PROMISING = 0.5;

  private Thresholds() {}
}
