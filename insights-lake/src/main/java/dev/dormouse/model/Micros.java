package dev.dormouse.model;

/** Amounts (GPU-hours, dollars) are counted in whole millionths, so that sums are exact. */
public final class Micros {
  /** Millionths in one unit. */
  public static final long PER_UNIT = 1_000_000;

  private Micros() {}
}
