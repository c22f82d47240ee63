package dev.dormouse.model;

import java.util.Arrays;
import java.util.Locale;

/** How the cost of a run is known. */
public enum CostOrigin {
  /** The run was timed. */
  MEASURED,
  /** The run's own log states it. */
  LOG,
  /** It was computed from something else. */
  ESTIMATED,
  /** There is no cost. */
  UNKNOWN;

  /** Returns the name that tables and mapping files use. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the origin with this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static CostOrigin fromId(String id) {
    return Arrays.stream(values())
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Unknown cost source '" + id + "'"));
  }
}
