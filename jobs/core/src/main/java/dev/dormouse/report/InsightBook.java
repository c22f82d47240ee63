package dev.dormouse.report;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the lake knows as one HTML file to browse: what works, what fails and what is untried, then
 * the same by parameter, by model and by study. It needs nothing else, and holds no script.
 */
public final class InsightBook {
  private InsightBook() {}

  /**
   * Writes the book, replacing an older one in one step.
   *
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static void write(BookData data, Path file) {
    Pages.write(html(data), file);
  }

  /** The book's text. */
  static String html(BookData data) {
    return Pages.fill("insights.html", Map.of("book", BookView.of(data)));
  }
}
