package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.current_timestamp;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.not;
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
import org.apache.spark.sql.functions;

/**
 * Imports past runs. Every row of a source ends in {@code runs} or, with its reason, in {@code
 * runs_quarantine}.
 */
public final class Importer {
  private static final String RUNS_FILE = "experiments.parquet";

  private Importer() {}

  /**
   * Imports sources into the lake.
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
    Dataset<Row> raw = open(lake, request.format(), runsOf(source));
    RunMapping mapping =
        request.mapping().map(RunMapping::read).orElseGet(() -> RunMapping.guess(raw.columns()));
    Dataset<Row> mapped = mapped(raw, mapping, request.label(), source).cache();
    try {
      long read = mapped.count();
      long imported = lake.mergeNew(RunsTable.TABLE, RunColumns.runs(mapped));
      SortedMap<String, Long> reasons = quarantine(lake, mapped, source);
      long refused = reasons.values().stream().mapToLong(Long::longValue).sum();
      long points = mapping.curves().map(curves -> importCurves(lake, curves, source)).orElse(0L);
      return new ImportSummary(read, imported, read - refused - imported, refused, reasons, points);
    } finally {
      mapped.unpersist();
    }
  }

  private static Path runsOf(Path source) {
    Path conventional = source.resolve(RUNS_FILE);
    return Files.isRegularFile(conventional) ? conventional : source;
  }

  private static Dataset<Row> open(SparkLake lake, ImportRequest.Format format, Path file) {
    try {
      String path = file.toString();
      return switch (format) {
        case PARQUET -> lake.spark().read().parquet(path);
        case CSV ->
            lake.spark().read().option("header", "true").option("mode", "FAILFAST").csv(path);
        case JSONL -> lake.spark().read().option("mode", "FAILFAST").json(path);
      };
    } catch (RuntimeException e) {
      throw new ImportException("Cannot read " + file + " as " + format + ": " + firstLine(e), e);
    }
  }

  private static Dataset<Row> mapped(
      Dataset<Row> raw, RunMapping mapping, String label, Path source) {
    try {
      return RunColumns.mapped(raw, mapping, label);
    } catch (RuntimeException e) {
      if (e instanceof ImportException known) {
        throw known;
      }
      throw new ImportException("The mapping does not fit " + source + ": " + firstLine(e), e);
    }
  }

  private static SortedMap<String, Long> quarantine(
      SparkLake lake, Dataset<Row> mapped, Path source) {
    Dataset<Row> refused = mapped.where(col(RunColumns.REASON).isNotNull());
    SortedMap<String, Long> reasons = new TreeMap<>();
    refused
        .groupBy(RunColumns.REASON)
        .count()
        .collectAsList()
        .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
    if (!reasons.isEmpty()) {
      lake.mergeNew(
          RunsQuarantineTable.TABLE,
          refused
              .select(
                  sha2(
                          functions.concat(
                              lit(source.getFileName().toString()), col(RunColumns.CONTENT)),
                          256)
                      .as("row_hash"),
                  current_timestamp().as("imported_at"),
                  lit(source.getFileName().toString()).as("origin"),
                  col(RunColumns.REASON).as("reason"),
                  col(RunColumns.CONTENT).as("content"))
              .dropDuplicates("row_hash"));
    }
    return reasons;
  }

  private static long importCurves(SparkLake lake, RunMapping.Curves curves, Path source) {
    Path file =
        (Files.isDirectory(source)
                ? source
                : Optional.ofNullable(source.getParent()).orElse(Path.of(".")))
            .resolve(curves.file());
    if (!Files.exists(file)) {
      return 0;
    }
    Column names =
        functions.array(
            curves.metrics().keySet().stream().map(functions::lit).toArray(Column[]::new));
    Column values =
        functions.array(
            curves.metrics().values().stream()
                .map(name -> col(name).cast("double"))
                .toArray(Column[]::new));
    Dataset<Row> points =
        lake.spark()
            .read()
            .parquet(file.toString())
            .select(
                col(curves.runId()).as("run_id"),
                col(curves.step()).cast("bigint").as("step"),
                explode(map_from_arrays(names, values)))
            .withColumnRenamed("key", "metric")
            .where(col("value").isNotNull().and(not(isnan(col("value")))))
            .dropDuplicates("run_id", "metric", "step");
    return lake.mergeNew(RunMetricsTable.TABLE, points);
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("unknown cause");
  }
}
