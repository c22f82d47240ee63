package dev.dormouse.report;

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

/** Renders templates, in which every string is escaped, and writes pages atomically. */
final class Pages {
  private Pages() {}

  /** Renders a template with named values. */
  static String fill(String template, Map<String, Object> values) {
    PebbleEngine engine =
        new PebbleEngine.Builder()
            .loader(new ClasspathLoader(Pages.class.getClassLoader()))
            .autoEscaping(true)
            .strictVariables(true)
            .extension(new Typography())
            .defaultLocale(Locale.ROOT)
            .build();
    StringWriter html = new StringWriter();
    try {
      engine.getTemplate("dev/dormouse/report/" + template).evaluate(html, values);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot render the template " + template, e);
    }
    return html.toString();
  }

  /**
   * Writes a page; replaces an older one atomically.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  static void write(String html, Path file) {
    Path target = file.toAbsolutePath();
    try {
      Files.createDirectories(target.getParent());
      Path draft =
          target.resolveSibling(
              "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
      try {
        Files.writeString(draft, html);
        Files.move(
            draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the page " + target, e);
    }
  }
}
