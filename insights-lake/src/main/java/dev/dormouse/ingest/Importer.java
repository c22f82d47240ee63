package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.current_timestamp;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;

import dev.dormouse.io.SparkLake;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsQuarantineTable;
import dev.dormouse.table.RunsTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/**
 * Imports past runs. Every row of a source ends in {@code runs} or, with its reason, in {@code
 * runs_quarantine}; importing again adds only what is new.
 */
public final class Importer {
  private static final String RUNS_FILE = "experiments.parquet";

  private Importer() {}

  /**
   * Imports sources into the lake, one after the other. A directory that holds {@code
   * experiments.parquet} stands for that file. Points of learning curves that are missing or not
   * finite, or whose run is not in the lake, are left out.
   *
   * @throws ImportException if a source or the mapping cannot be read; nothing of that source is
   *     imported then
   */
  public static ImportSummary importRuns(SparkLake lake, ImportRequest request) {
    ImportSummary total = new ImportSummary(0, 0, 0, 0, new TreeMap<>(), 0);
    for (Path source : request.sources()) {
      total = total.plus(importSource(lake, request, source));
    }
    return total;
  }

  private static ImportSummary importSource(SparkLake lake, ImportRequest request, Path source) {
    if (!Files.exists(source)) {
      throw new ImportException("There is no file or directory " + source);
    }
    Path file = runsOf(source);
    Dataset<Row> raw = SourceFiles.open(lake.spark(), request.format(), file);
    SourceColumns columns = new SourceColumns(raw.schema());
    RunMapping mapping =
        request
            .mapping()
            .map(given -> RunMapping.read(given).fitting(columns, file))
            .orElseGet(() -> RunMapping.guess(columns.names()));
    Optional<Dataset<Row>> points =
        mapping.curves().flatMap(curves -> curvePoints(lake, request, curves, file));
    Dataset<Row> judged = RunRules.judged(RunColumns.mapped(raw, mapping, request.label())).cache();
    try {
      long read = SourceFiles.reading(file, request.format(), judged::count);
      Dataset<Row> good = judged.where(col(RunRules.REASON).isNull());
      long imported = lake.mergeNew(RunsTable.TABLE, RunColumns.runs(good));
      SortedMap<String, Long> reasons = quarantine(lake, judged, file);
      long refused = reasons.values().stream().mapToLong(Long::longValue).sum();
      long newPoints = points.map(all -> importCurves(lake, all)).orElse(0L);
      return new ImportSummary(
          read, imported, read - refused - imported, refused, reasons, newPoints);
    } finally {
      judged.unpersist();
    }
  }

  private static Path runsOf(Path source) {
    Path conventional = source.resolve(RUNS_FILE);
    return Files.isRegularFile(conventional) ? conventional : source;
  }

  private static SortedMap<String, Long> quarantine(
      SparkLake lake, Dataset<Row> judged, Path file) {
    Dataset<Row> refused = judged.where(col(RunRules.REASON).isNotNull());
    SortedMap<String, Long> reasons = new TreeMap<>();
    refused
        .groupBy(RunRules.REASON)
        .count()
        .collectAsList()
        .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
    if (reasons.isEmpty()) {
      return reasons;
    }
    // Equal rows are numbered, so that each is kept, and found again by the next import.
    Column copy =
        row_number().over(Window.partitionBy(RunColumns.CONTENT).orderBy(col(RunColumns.CONTENT)));
    lake.mergeNew(
        RunsQuarantineTable.TABLE,
        refused.select(
            sha2(
                    concat_ws(
                        "\n", lit(file.getFileName().toString()), copy, col(RunColumns.CONTENT)),
                    256)
                .as("row_hash"),
            current_timestamp().as("imported_at"),
            lit(file.toString()).as("origin"),
            col(RunRules.REASON).as("reason"),
            col(RunColumns.CONTENT).as("content")));
    return reasons;
  }

  /** One row a run, step and metric; empty if there is no such file. */
  private static Optional<Dataset<Row>> curvePoints(
      SparkLake lake, ImportRequest request, RunMapping.Curves curves, Path runsFile) {
    Path file = runsFile.resolveSibling(curves.file());
    if (!Files.exists(file)) {
      if (request.mapping().isPresent()) {
        throw new ImportException("The mapping names curves in " + file + ", which is not there");
      }
      return Optional.empty();
    }
    Dataset<Row> raw = SourceFiles.open(lake.spark(), request.format(), file);
    SourceColumns columns = new SourceColumns(raw.schema());
    RunMapping.requireColumns(curves.columns(), columns, file);
    Column names =
        array(curves.metrics().keySet().stream().map(functions::lit).toArray(Column[]::new));
    Column values =
        array(
            curves.metrics().values().stream()
                .map(name -> columns.number(Optional.of(name)))
                .toArray(Column[]::new));
    return Optional.of(
        raw.select(
                columns.text(Optional.of(curves.runId())).as("run_id"),
                columns.wholeNumber(Optional.of(curves.step())).as("step"),
                explode(map_from_arrays(names, values)).as(new String[] {"metric", "value"}))
            .where(
                RunColumns.finite(col("value"))
                    .and(col("run_id").isNotNull())
                    .and(col("step").isNotNull())));
  }

  private static long importCurves(SparkLake lake, Dataset<Row> points) {
    Dataset<Row> known = lake.read(RunsTable.TABLE).select("run_id");
    return lake.mergeNew(
        RunMetricsTable.TABLE,
        points.join(known, points.col("run_id").equalTo(known.col("run_id")), "left_semi"));
  }
}
