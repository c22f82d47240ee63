package dev.dormouse.eval.replay;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import scala.jdk.javaapi.CollectionConverters;

/** The past runs that a campaign may see, as a file that can be imported. */
public final class VisibleHistory {
  /** The file of runs in a directory of past runs. */
  public static final String RUNS = "experiments.parquet";

  private static final String RUN_ID = "experiment_id";
  private static final String STUDY = "_study";
  private static final String PLACE = "_place";
  private static final String OUTCOME = "_outcome";
  private static final long SEED = 0;

  private VisibleHistory() {}

  /** Returns the runs of other data families. */
  public static Dataset<Row> without(Dataset<Row> runs, Collection<String> families) {
    return runs.where(
        col("family").isNull().or(not(col("family").isInCollection(List.copyOf(families)))));
  }

  /** Returns the runs with the results of each study permuted at random. */
  static Dataset<Row> shuffled(Dataset<Row> runs) {
    Column study = concat_ws("/", col("dataset_version"), col("feature_set"));
    List<String> outcome = Arrays.stream(runs.columns()).filter(VisibleHistory::isOutcome).toList();
    Dataset<Row> settings =
        runs.drop(outcome.toArray(String[]::new))
            .withColumn(STUDY, study)
            .withColumn(PLACE, place(study, col(RUN_ID)));
    Dataset<Row> outcomes =
        runs.select(
            study.as(STUDY),
            place(study, xxhash64(col(RUN_ID), lit(SEED))).as(PLACE),
            struct(outcome.stream().map(functions::col).toArray(Column[]::new)).as(OUTCOME));
    Dataset<Row> joined =
        settings.join(outcomes, CollectionConverters.asScala(List.of(STUDY, PLACE)).toSeq());
    return joined.select(
        Arrays.stream(runs.columns())
            .map(name -> isOutcome(name) ? col(OUTCOME + "." + name).as(name) : col(name))
            .toArray(Column[]::new));
  }

  private static boolean isOutcome(String column) {
    return column.equals("status") || column.matches("(val|test|train)_(g?auc|(log)?loss)");
  }

  private static Column place(Column study, Column order) {
    return row_number().over(Window.partitionBy(study).orderBy(order, col(RUN_ID)));
  }

  /** Returns the runs with other names of models, data sets and feature sets. */
  static Dataset<Row> renamed(Dataset<Row> runs, Aliases models, Aliases data) {
    Dataset<Row> renamed = runs.withColumn("model_variant", alias(models, "model_variant"));
    for (String column : List.of("dataset_version", "feature_set", "family")) {
      renamed = renamed.withColumn(column, alias(data, column));
    }
    return renamed;
  }

  private static Column alias(Aliases aliases, String column) {
    Column names = array(aliases.names().stream().map(functions::lit).toArray(Column[]::new));
    Column others =
        array(aliases.names().stream().map(n -> lit(aliases.of(n))).toArray(Column[]::new));
    return functions.element_at(map_from_arrays(names, others), col(column));
  }

  /** Writes one file, since an import reads files of this name, not directories. */
  public static void write(Dataset<Row> rows, Path file) throws IOException {
    Path parts = file.resolveSibling(file.getFileName() + ".parts");
    rows.coalesce(1).write().parquet(parts.toString());
    try (Stream<Path> files = Files.list(parts)) {
      Path part =
          files
              .filter(path -> path.getFileName().toString().matches("part-.*\\.parquet"))
              .findFirst()
              .orElseThrow(() -> new IOException("Spark wrote no file to " + parts));
      Files.move(part, file);
    }
  }
}
