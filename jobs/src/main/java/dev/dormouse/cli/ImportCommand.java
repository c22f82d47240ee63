package dev.dormouse.cli;

import dev.dormouse.ingest.ImportRequest;
import dev.dormouse.ingest.ImportSummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Imports past runs into the lake. Importing the same files twice changes nothing.")
final class ImportCommand extends LakeCommand {
  @Option(
      names = "--from",
      required = true,
      description = "What the files are: ${COMPLETION-CANDIDATES}.")
  private ImportRequest.Format from;

  @Parameters(arity = "1..*", paramLabel = "SOURCE", description = "Files or directories.")
  private List<Path> sources;

  @Option(
      names = "--mapping",
      paramLabel = "FILE",
      description = "YAML file that says which column is what.")
  private Path mapping;

  @Option(
      names = "--label",
      defaultValue = "import",
      description = "Value of column 'source' (default: ${DEFAULT-VALUE}).")
  private String label;

  @Option(names = "--json", description = "The summary as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    ImportSummary summary =
        SparkJobs.importRuns(
            deployment().lake(),
            new ImportRequest(from, sources, Optional.ofNullable(mapping), label));
    if (json) {
      printJson(summary);
    } else {
      print(summary, out());
    }
    return ExitCode.OK;
  }

  static void print(ImportSummary summary, PrintWriter out) {
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
    out.flush();
  }
}
