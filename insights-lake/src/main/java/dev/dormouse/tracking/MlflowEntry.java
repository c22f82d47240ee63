package dev.dormouse.tracking;

/** A param or tag. */
public record MlflowEntry(String key, String value) {
  public MlflowEntry {
    value = value == null ? "" : value;
  }
}
