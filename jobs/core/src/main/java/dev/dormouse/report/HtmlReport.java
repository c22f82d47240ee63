package dev.dormouse.report;

import java.nio.file.Path;
import java.util.Map;

/**
 * The report of a campaign as one HTML file that needs nothing else: styles and plots are inline,
 * there is no script, and every string is escaped.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /**
   * Writes the report, replacing an older one in one step.
   *
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static void write(ReportData data, Path file) {
    Pages.write(html(data), file);
  }

  /** The report's text. */
  public static String html(ReportData data) {
    return Pages.fill("report.html", Map.of("report", ReportView.of(data)));
  }
}
