package dev.dormouse.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats instants for pages, in UTC. */
final class Timestamps {
  private static final DateTimeFormatter MINUTE = formatter("yyyy-MM-dd HH:mm");
  private static final DateTimeFormatter SECOND = formatter("yyyy-MM-dd HH:mm:ss");

  private Timestamps() {}

  /** Formats an instant to the minute. */
  static String minute(Instant at) {
    return MINUTE.format(at);
  }

  /** Formats an instant to the second. */
  static String second(Instant at) {
    return SECOND.format(at);
  }

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
