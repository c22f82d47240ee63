package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.col;

import dev.dormouse.io.SparkLake;
import dev.dormouse.model.Metric;
import dev.dormouse.table.RunsTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Imports past runs from files. Every row of a source ends in {@code runs} or, with its reason, in
 * {@code runs_quarantine}; importing again adds only what is new.
 */
public final class Importer {
  private static final String RUNS_FILE = "experiments.parquet";

  private Importer() {}

  /** As {@link #importRuns(SparkLake, ImportRequest, Instant, Consumer)}, without progress. */
  public static ImportSummary importRuns(SparkLake lake, ImportRequest request, Instant now) {
    return importRuns(lake, request, now, step -> {});
  }

  /**
   * Imports sources into the lake, one after the other. Of a directory with a file {@code
   * experiments.parquet}, only that file is imported. Learning curve points that are not finite, or
   * whose run is not in the lake, are counted and left out.
   *
   * @param now import time to record with refused rows
   * @param progress receives a sentence for each step that begins
   * @throws ImportException if a source or the mapping cannot be read or exceeds a limit; nothing
   *     of that source is imported then
   */
  public static ImportSummary importRuns(
      SparkLake lake, ImportRequest request, Instant now, Consumer<String> progress) {
    return importRuns(lake, request, now, progress, Limits.DEFAULT);
  }

  static ImportSummary importRuns(
      SparkLake lake,
      ImportRequest request,
      Instant now,
      Consumer<String> progress,
      Limits limits) {
    ImportSummary total = ImportSummary.NOTHING;
    for (Path source : request.sources()) {
      Source opened = open(lake.spark(), request, source, progress, limits);
      total = total.plus(importSource(lake, opened, now, progress));
    }
    return total;
  }

  /**
   * Returns what an import of these sources would do, judged by their first rows; writes nothing.
   *
   * @throws ImportException as {@link #importRuns} does
   */
  public static List<ImportPreview> preview(
      SparkSession spark, ImportRequest request, Consumer<String> progress) {
    return request.sources().stream()
        .map(
            source -> {
              Source opened = open(spark, request, source, progress, Limits.DEFAULT);
              return ImportPreview.of(
                  opened.file().toString(),
                  request.mapping().isEmpty(),
                  opened.mapping(),
                  opened.direction().known(),
                  opened.judged(
                      opened.runs().limit(ImportPreview.ROWS), opened.direction().known()));
            })
        .toList();
  }

  /** A source that passed the checks, with its mapping. */
  private record Source(
      Path file,
      ImportRequest request,
      Dataset<Row> runs,
      RunMapping mapping,
      ImportedDirection direction,
      Optional<Dataset<Row>> points,
      Limits limits) {

    Dataset<Row> judged(Dataset<Row> rows, Metric metric) {
      return RunRules.judged(RunColumns.mapped(rows, mapping, metric, request.label()), limits);
    }
  }

  private static Source open(
      SparkSession spark,
      ImportRequest request,
      Path source,
      Consumer<String> progress,
      Limits limits) {
    if (!Files.exists(source)) {
      throw new ImportException("There is no file or directory " + source);
    }
    Path file = runsOf(source);
    progress.accept("Looking through " + file);
    SourceGuard.check(file, request.format(), limits, progress);
    Dataset<Row> runs = SourceFiles.open(spark, request.format(), file);
    SourceColumns columns = new SourceColumns(runs.schema());
    RunMapping mapping =
        request
            .mapping()
            .map(given -> RunMapping.read(given).fitting(columns, file))
            .orElseGet(() -> MappingGuess.of(columns.names()));
    Optional<Dataset<Row>> points =
        mapping.curves().flatMap(curves -> points(spark, request, curves, file, limits, progress));
    ImportedDirection direction =
        ImportedDirection.of(
            mapping,
            request.mapping().map(Path::toString).orElse("guessed by names"),
            request.direction(),
            Optional.empty());
    return new Source(file, request, runs, mapping, direction, points, limits);
  }

  private static Path runsOf(Path source) {
    Path conventional = source.resolve(RUNS_FILE);
    return Files.isRegularFile(conventional) ? conventional : source;
  }

  /** Returns the learning curve points; empty if a guessed mapping names a missing file. */
  private static Optional<Dataset<Row>> points(
      SparkSession spark,
      ImportRequest request,
      RunMapping.Curves curves,
      Path runsFile,
      Limits limits,
      Consumer<String> progress) {
    Path file = runsFile.resolveSibling(curves.file());
    if (!Files.exists(file)) {
      if (request.mapping().isPresent()) {
        throw new ImportException("The mapping names curves in " + file + ", which is not there");
      }
      return Optional.empty();
    }
    SourceGuard.check(file, request.format(), limits, progress);
    Dataset<Row> raw = SourceFiles.open(spark, request.format(), file);
    RunMapping.requireColumns(curves.columns(), new SourceColumns(raw.schema()), file);
    return Optional.of(CurvePoints.of(raw, curves));
  }

  private static ImportSummary importSource(
      SparkLake lake, Source source, Instant now, Consumer<String> progress) {
    Path file = source.file();
    Metric metric = source.direction().known(lake);
    Dataset<Row> judged = source.judged(source.runs(), metric).cache();
    try {
      progress.accept("Reading " + file);
      long read = SourceFiles.reading(file, source.request().format(), judged::count);
      progress.accept(String.format("Adding %,d rows of %s", read, file));
      Dataset<Row> good = judged.where(col(RunRules.REASON).isNull());
      source.direction().record(lake, good);
      long imported = lake.mergeNew(RunsTable.TABLE, RunColumns.runs(good));
      SortedMap<String, Long> reasons =
          Quarantine.keep(lake, judged, file.getFileName().toString(), file.toString(), now);
      long refused = reasons.values().stream().mapToLong(Long::longValue).sum();
      progress.accept("Adding the learning curves beside " + file);
      CurvePoints.Outcome curves =
          source
              .points()
              .map(points -> CurvePoints.add(lake, points, CurvePoints.runsOf(lake)))
              .orElse(CurvePoints.Outcome.NOTHING);
      return new ImportSummary(
          read,
          imported,
          read - refused - imported,
          refused,
          reasons,
          curves.added(),
          curves.leftOut());
    } finally {
      judged.unpersist();
    }
  }
}
