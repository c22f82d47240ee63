package dev.dormouse.report;

import java.nio.file.Path;
import java.util.Map;

/**
 * Writes the report of a campaign as one self-contained HTML file: styles and plots are inline,
 * there is no script, and every string is escaped.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /**
   * Writes the report; replaces an older one atomically.
   *
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static void write(ReportData data, Path file) {
    Pages.write(html(data), file);
  }

  /** Returns the report as HTML. */
  public static String html(ReportData data) {
    return Pages.fill("report.html", Map.of("report", ReportView.of(data)));
  }
}
