package dev.dormouse.ingest;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/** Opens files of past runs. */
final class SourceFiles {
  /** Column with the text of a line that is not well-formed; missing for other lines. */
  static final String MALFORMED = "_malformed";

  private SourceFiles() {}

  static Dataset<Row> open(SparkSession spark, ImportRequest.Format format, Path file) {
    String path = file.toString();
    DataFrameReader reader =
        spark.read().option("columnNameOfCorruptRecord", MALFORMED).option("header", "true");
    return reading(
        file,
        format,
        () ->
            switch (format) {
              case PARQUET -> reader.parquet(path);
              case JSONL -> reader.json(path);
              case CSV ->
                  // Only a declared column receives malformed lines.
                  reader
                      .schema(reader.csv(path).schema().add(MALFORMED, DataTypes.StringType))
                      .csv(path);
            });
  }

  /** Runs an action that reads a file; a failure becomes an {@link ImportException}. */
  static <T> T reading(Path file, ImportRequest.Format format, Supplier<T> read) {
    try {
      return read.get();
    } catch (Exception e) { // Spark's own exceptions are checked, but not declared.
      throw unreadable(file, format, e);
    }
  }

  static ImportException unreadable(Path file, ImportRequest.Format format, Exception cause) {
    return new ImportException(
        "Cannot read "
            + file
            + " as "
            + format
            + ": "
            + String.valueOf(cause.getMessage()).lines().findFirst().orElse("unknown cause"),
        cause);
  }
}
