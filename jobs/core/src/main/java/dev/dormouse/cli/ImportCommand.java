package dev.dormouse.cli;

import dev.dormouse.cli.text.ImportText;
import dev.dormouse.cli.text.ThrottledProgress;
import dev.dormouse.ingest.DirectionOption;
import dev.dormouse.ingest.ImportPreview;
import dev.dormouse.ingest.ImportRequest;
import dev.dormouse.ingest.ImportSummary;
import dev.dormouse.ingest.MlflowImportRequest;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.wiring.SparkJobs;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Imports past runs into the lake. Importing the same runs twice changes nothing; of an"
            + " MLflow server only those that ended since are fetched.")
final class ImportCommand implements Callable<Integer> {
  private enum From {
    PARQUET,
    CSV,
    JSONL,
    MLFLOW
  }

  @Option(
      names = "--from",
      required = true,
      description = "Format of the sources: ${COMPLETION-CANDIDATES}.")
  private From from;

  @Parameters(
      arity = "0..*",
      paramLabel = "SOURCE",
      description =
          "Files or directories, or URLs of tracking servers (default for mlflow: key 'mlflow.uri'"
              + " of the deployment).")
  private List<String> sources = new ArrayList<>();

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Experiment of the tracking server, may be repeated (default: all).")
  private List<String> experiments = new ArrayList<>();

  @Option(
      names = "--full",
      description = "Read all runs of the tracking server again, not only new ones.")
  private boolean full;

  @Option(
      names = "--mapping",
      paramLabel = "FILE",
      description = "YAML file that says what each column means (default: guessed by name).")
  private Path mapping;

  @Option(
      names = "--direction",
      paramLabel = "maximize|minimize",
      description =
          "Whether higher or lower values of the metric are better (default: by the mapping or the"
              + " metric's name).")
  private String direction;

  @Option(
      names = "--correct-direction",
      description = "With --direction: replace what an earlier import stated.")
  private boolean correctDirection;

  @Option(
      names = "--label",
      paramLabel = "NAME",
      description = "Value of column 'source' (default: import, or mlflow).")
  private String label;

  @Option(
      names = "--dry-run",
      description =
          "Print the mapping, to be saved for --mapping, and the result for the first rows; write"
              + " nothing.")
  private boolean dryRun;

  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    Consumer<String> progress = new ThrottledProgress(output.err());
    if (dryRun) {
      print(
          from == From.MLFLOW
              ? previewServers(progress)
              : SparkJobs.previewImport(files(), progress));
    } else {
      print(from == From.MLFLOW ? importServers(progress) : importFiles(progress));
    }
    return ExitCode.OK;
  }

  private ImportSummary importFiles(Consumer<String> progress) {
    return SparkJobs.importRuns(lake.deployment().lake(), files(), Instant.now(), progress);
  }

  private ImportSummary importServers(Consumer<String> progress) {
    ImportSummary total = ImportSummary.NOTHING;
    for (MlflowImportRequest server : servers()) {
      total =
          total.plus(
              SparkJobs.importRuns(lake.deployment().lake(), server, Instant.now(), progress));
    }
    if (total.quarantined() > 0) {
      output
          .err()
          .println("To read the quarantined runs again, correct the mapping and add --full.");
    }
    return total;
  }

  private List<ImportPreview> previewServers(Consumer<String> progress) {
    return servers().stream()
        .flatMap(server -> SparkJobs.previewImport(server, progress).stream())
        .toList();
  }

  private ImportRequest files() {
    if (sources.isEmpty()) {
      throw CommandException.badInput("Name the files or directories to import.");
    }
    if (full || !experiments.isEmpty()) {
      throw CommandException.badInput("--experiment and --full are for --from mlflow.");
    }
    return new ImportRequest(
        ImportRequest.Format.valueOf(from.name()),
        sources.stream().map(Path::of).toList(),
        Optional.ofNullable(mapping),
        label == null ? "import" : label,
        statedDirection());
  }

  private DirectionOption statedDirection() {
    if (direction == null && correctDirection) {
      throw CommandException.badInput("--correct-direction needs --direction.");
    }
    Optional<Direction> stated =
        Optional.ofNullable(direction)
            .map(
                text ->
                    Direction.fromId(text)
                        .orElseThrow(
                            () ->
                                CommandException.badInput(
                                    "--direction is '"
                                        + text
                                        + "'; it must be maximize or minimize.")));
    return new DirectionOption(
        stated,
        correctDirection ? DirectionOption.Conflict.CORRECT : DirectionOption.Conflict.REFUSE);
  }

  private List<MlflowImportRequest> servers() {
    List<String> urls =
        sources.isEmpty()
            ? lake.deployment().mlflow().map(URI::toString).stream().toList()
            : sources;
    if (urls.isEmpty()) {
      throw CommandException.badInput(
          "No tracking server is known; name its URL, or mlflow.uri in dormouse.properties.");
    }
    return urls.stream()
        .map(
            url ->
                new MlflowImportRequest(
                    MlflowImportRequest.server(url),
                    experiments,
                    Optional.ofNullable(mapping),
                    label == null ? "mlflow" : label,
                    MlflowImportRequest.PAGE_SIZE,
                    full,
                    statedDirection()))
        .toList();
  }

  private void print(ImportSummary summary) {
    if (output.isJson()) {
      output.printJson(summary);
    } else {
      ImportText.print(summary, output.out());
    }
  }

  private void print(List<ImportPreview> previews) {
    if (output.isJson()) {
      output.printJson(previews);
    } else {
      ImportText.print(previews, output.out());
    }
  }
}
