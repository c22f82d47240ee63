package dev.dormouse.caution;

/**
 * A caution about what history tells.
 *
 * @param kind {@code coverage}, {@code bias}, {@code drift}, {@code trap} or {@code sources}
 * @param text one sentence or two, with a full stop
 */
public record Caution(String kind, String text) {
  static Caution of(String kind, String text) {
    return new Caution(kind, text.endsWith(".") || text.endsWith("?") ? text : text + ".");
  }
}
