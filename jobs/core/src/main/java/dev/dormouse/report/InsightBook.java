package dev.dormouse.report;

import java.nio.file.Path;
import java.util.Map;

/**
 * Writes the insights of the lake as one self-contained HTML file: what works, what fails and what
 * is untried, then all insights by parameter, by model and by study. It contains no script.
 */
public final class InsightBook {
  private InsightBook() {}

  /**
   * Writes the book; replaces an older one atomically.
   *
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static void write(BookData data, Path file) {
    Pages.write(html(data), file);
  }

  /** Returns the book as HTML. */
  static String html(BookData data) {
    return Pages.fill("insights.html", Map.of("book", BookView.of(data)));
  }
}
