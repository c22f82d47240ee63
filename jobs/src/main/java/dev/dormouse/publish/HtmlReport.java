package dev.dormouse.publish;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;

/**
 * The report of a campaign as one HTML file that needs nothing else: styles and plots are inline,
 * there is no script, and every string is escaped.
 */
public final class HtmlReport {
  private static final String TEMPLATE = "dev/dormouse/publish/report.html";

  private HtmlReport() {}

  /**
   * Writes the report, replacing an older one in one step.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public static void write(ReportData data, Path file) {
    Path target = file.toAbsolutePath();
    try {
      Files.createDirectories(target.getParent());
      Path draft =
          target.resolveSibling(
              "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
      try {
        Files.writeString(draft, html(data));
        Files.move(
            draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the report to " + target, e);
    }
  }

  /** The report's text. */
  static String html(ReportData data) {
    ClasspathLoader loader = new ClasspathLoader(HtmlReport.class.getClassLoader());
    PebbleEngine engine =
        new PebbleEngine.Builder()
            .loader(loader)
            .autoEscaping(true)
            .strictVariables(true)
            .defaultLocale(Locale.ROOT)
            .build();
    StringWriter html = new StringWriter();
    try {
      engine.getTemplate(TEMPLATE).evaluate(html, Map.of("report", ReportView.of(data)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot fill in the template " + TEMPLATE, e);
    }
    return html.toString();
  }
}
