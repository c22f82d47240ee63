package dev.dormouse.cli.text;

import dev.dormouse.ingest.ImportPreview;
import dev.dormouse.ingest.ImportSummary;
import dev.dormouse.model.Metric;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Formats the summary of an import, or the preview of one. */
public final class ImportText {
  private ImportText() {}

  public static void print(ImportSummary summary, PrintWriter out) {
    out.printf(
        "%,d rows read: %,d runs imported, %,d already there, %,d quarantined; %,d curve points.%n",
        summary.read(),
        summary.imported(),
        summary.alreadyThere(),
        summary.quarantined(),
        summary.curvePoints());
    summary
        .reasons()
        .forEach((reason, count) -> out.printf("  quarantined %,d: %s%n", count, reason));
    summary.leftOut().forEach((what, count) -> out.printf("  left out %,d: %s%n", count, what));
    out.flush();
  }

  /**
   * Prints mappings as YAML and all else as comments, so that the output can be saved as a mapping
   * file. If the sources have several mappings, a line {@code ---} separates them.
   */
  public static void print(List<ImportPreview> previews, PrintWriter out) {
    long mappings = previews.stream().map(ImportPreview::mapping).distinct().count();
    if (previews.isEmpty()) {
      out.println("# Nothing to import.");
    }
    if (mappings > 1) {
      out.println("# The sources have several mappings: save one of them as a file.");
    }
    for (int i = 0; i < previews.size(); i++) {
      ImportPreview preview = previews.get(i);
      out.printf("# %s: first %,d rows%n", preview.source(), preview.rows());
      printCounts("study", preview.studies(), out);
      printCounts("status", preview.statuses(), out);
      printCounts("quarantine:", preview.reasons(), out);
      out.println("# " + direction(preview.metric()));
      if (mappings > 1 || i == previews.size() - 1) {
        out.println(
            preview.guessed()
                ? "# The mapping, guessed by names; save it, correct it, and pass it by --mapping"
                : "# The mapping, as given");
        out.print(preview.mappingFile());
        if (i < previews.size() - 1) {
          out.println("---");
        }
      }
    }
    out.flush();
  }

  private static String direction(Metric metric) {
    String stated = String.format("Metric %s: %s", metric.name(), metric.direction().id());
    return switch (metric.basis()) {
      case OPTION, MAPPING, TAG, OBJECTIVE -> stated + ", as stated by " + metric.basis().id();
      case CATALOGUE ->
          stated + ", a well-known metric; 'direction:' in the mapping states otherwise";
      case NAME ->
          stated + ", a guess by its name; state it by 'direction:' in the mapping, or --direction";
      case ASSUMED ->
          String.format(
              "Metric %s: nothing tells whether higher or lower is better; state it by 'direction:'"
                  + " in the mapping, or --direction",
              metric.name());
    };
  }

  private static void printCounts(String what, Map<String, Long> counts, PrintWriter out) {
    counts.forEach((name, count) -> out.printf("#   %,6d %s %s%n", count, what, name));
  }
}
