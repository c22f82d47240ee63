package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.model.RunStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Rules that a row of a source must satisfy to become a row of {@code runs}. */
final class RunRules {
  /** Name of the column with the reason for quarantine; null for good rows. */
  static final String REASON = "_reason";

  /** Name of the column with what is wrong with the source's own values; null if nothing is. */
  static final String UNREADABLE = "_unreadable";

  private static final String COPY = "_copy";
  private static final Column NOTHING = lit(null).cast("string");

  private RunRules() {}

  /** Returns which value of the source's row does not have the type that the mapping needs. */
  static Column unreadable(SourceColumns source, RunMapping mapping) {
    List<Column> problems = new ArrayList<>();
    if (source.hasMalformedRows()) {
      problems.add(
          when(col(SourceFiles.MALFORMED).isNotNull(), "it is not a well-formed line of its file"));
    }
    mapping
        .params()
        .column()
        .ifPresent(
            name ->
                problems.add(
                    misread(source, name, source.textMap(name), "holds no parameters by name")));
    for (String name : mapping.metrics().values()) {
      problems.add(misread(source, name, source.number(Optional.of(name)), "is not a number"));
    }
    Stream.of(mapping.costSeconds(), mapping.costGpuHours())
        .flatMap(Optional::stream)
        .forEach(
            name ->
                problems.add(
                    misread(source, name, source.number(Optional.of(name)), "is not a number")));
    mapping
        .seed()
        .ifPresent(
            name ->
                problems.add(
                    misread(
                        source,
                        name,
                        source.wholeNumber(Optional.of(name)),
                        "is not a whole number")));
    Stream.of(mapping.startedAt(), mapping.finishedAt())
        .flatMap(Optional::stream)
        .forEach(
            name ->
                problems.add(
                    misread(source, name, source.instant(Optional.of(name)), "is not a time")));
    return coalesce(Stream.concat(problems.stream(), Stream.of(NOTHING)).toArray(Column[]::new));
  }

  /** Takes NaN for missing, as pandas writes it. */
  private static Column misread(SourceColumns source, String name, Column typed, String problem) {
    Column text = trim(source.text(Optional.of(name)));
    Column present = not(text.isin("", "NaN", "nan"));
    return when(present.and(typed.isNull()), "its " + name + " " + problem);
  }

  /** Adds {@link #REASON}. */
  static Dataset<Row> judged(Dataset<Row> mapped, Limits limits) {
    return mapped
        .withColumn(
            COPY, row_number().over(Window.partitionBy("run_id").orderBy(col(RunColumns.CONTENT))))
        .withColumn(REASON, reason(limits))
        .drop(COPY, UNREADABLE);
  }

  private static Column reason(Limits limits) {
    List<String> statuses = Arrays.stream(RunStatus.values()).map(RunStatus::id).toList();
    Column isOk = col("status").equalTo(RunStatus.OK.id());
    return when(col(UNREADABLE).isNotNull(), col(UNREADABLE))
        .when(blank("run_id"), "it has no run id")
        .when(col(COPY).gt(1), "another row of the source has the same run id")
        .when(blank("dataset"), "it has no data set")
        .when(
            blank("model_variant").and(size(col("params")).equalTo(0)),
            "it has neither a model variant nor parameters")
        .when(
            size(col("params")).gt(limits.paramsPerRun()),
            "it has more than " + limits.paramsPerRun() + " parameters")
        .when(
            col("status").isin("running", "scheduled", "pending", "queued"), "it has not ended yet")
        .when(not(col("status").isInCollection(statuses)), "its status is unknown")
        .when(
            isOk.and(col("value").isNull()),
            "it is ok but has no finite value of the study's metric")
        .when(
            not(col("cost_gpu_hours").between(0, Double.MAX_VALUE)),
            "its cost is negative or infinite")
        .otherwise(NOTHING);
  }

  private static Column blank(String column) {
    return coalesce(trim(col(column)), lit("")).equalTo("");
  }
}
