package dev.dormouse.eval.replay;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.forecast.PastResult;
import dev.dormouse.model.Arm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads replay tables and history; returns only what a campaign may see.
 *
 * <p>A table is of one of two kinds: click models ({@code model_variant}, {@code hparams}, {@code
 * val_auc}), or optimizer settings with learning curves as in TaskSet (Metz et al., 2020), whose
 * metric is the final validation loss and whose rows with {@code split = 'history'} are past runs.
 */
final class ReplayTables {
  private static final String HISTORY_FILE = "experiments.parquet";
  private static final String SETTINGS_METRIC = "valid_loss_final";
  private static final String SETTINGS_CURVE = "valid_loss";
  private static final List<String> SETTINGS =
      List.of(
          "learning_rate",
          "beta1",
          "beta2",
          "epsilon",
          "l1",
          "l2",
          "linear_decay",
          "exponential_decay");

  private ReplayTables() {}

  static List<KnownResult> results(SparkSession spark, Path file) {
    Dataset<Row> table = table(spark, file);
    List<KnownResult> results = new ArrayList<>();
    for (Row row : table.orderBy("task_id", "config_id").collectAsList()) {
      results.add(
          new KnownResult(
              row.getAs("task_id"), row.getAs("config_id"), arm(row), value(row), curve(row)));
    }
    return results;
  }

  /** Returns the past runs in a table of optimizer settings; none of a table of click models. */
  static List<PastRun> historyIn(SparkSession spark, Path file) {
    List<PastRun> runs = new ArrayList<>();
    if (hasSettings(spark, file)) {
      for (Row row :
          table(spark, file)
              .where(col("split").equalTo("history"))
              .orderBy("task_id", "config_id")
              .collectAsList()) {
        String task = row.getAs("task_id");
        runs.add(new PastRun(task, task, new PastResult(task, arm(row), value(row))));
      }
    }
    return runs;
  }

  private static boolean hasSettings(SparkSession spark, Path file) {
    return Arrays.asList(read(spark, file, "task_id").columns()).contains(SETTINGS_METRIC);
  }

  /** Returns a table of either kind with the same columns. */
  private static Dataset<Row> table(SparkSession spark, Path file) {
    if (!hasSettings(spark, file)) {
      return read(
              spark, file, "task_id", "config_id", "model_variant", "hparams", "status", "val_auc")
          .select(
              lit("").as("split"),
              col("task_id"),
              col("config_id"),
              col("model_variant"),
              col("hparams"),
              usable("val_auc").as("value"),
              array().cast("array<double>").as("curve"));
    }
    List<String> needed = new ArrayList<>(SETTINGS);
    needed.addAll(List.of("task_id", "config_id", "split", "status", SETTINGS_CURVE));
    List<Column> entries = new ArrayList<>();
    for (String setting : SETTINGS) {
      entries.add(lit(setting));
      entries.add(col(setting).cast("string"));
    }
    return read(spark, file, needed.toArray(new String[0]))
        .select(
            col("split"),
            col("task_id"),
            col("config_id"),
            lit("").as("model_variant"),
            map(entries.toArray(new Column[0])).as("hparams"),
            negate(usable(SETTINGS_METRIC)).as("value"),
            transform(col(SETTINGS_CURVE).cast("array<double>"), loss -> negate(loss)).as("curve"));
  }

  static List<PastRun> history(SparkSession spark, List<Path> directories) {
    List<PastRun> runs = new ArrayList<>();
    for (Path directory : directories) {
      Dataset<Row> table =
          read(
              spark,
              directory.resolve(HISTORY_FILE),
              "experiment_id",
              "task_id",
              "family",
              "dataset_version",
              "feature_set",
              "model_variant",
              "hparams",
              "status",
              "val_auc");
      for (Row row :
          table
              .where(col("hparams").isNotNull().and(col("status").notEqual("no_result")))
              .orderBy("experiment_id")
              .select(
                  coalesce(col("task_id"), lit("")).as("task_id"),
                  col("family"),
                  concat_ws("/", col("dataset_version"), col("feature_set")).as("study"),
                  col("model_variant"),
                  col("hparams"),
                  usable("val_auc").as("value"))
              .collectAsList()) {
        runs.add(
            new PastRun(
                row.getAs("task_id"),
                row.getAs("family"),
                new PastResult(row.getAs("study"), arm(row), value(row))));
      }
    }
    return runs;
  }

  private static Dataset<Row> read(SparkSession spark, Path file, String... columns) {
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "Cannot replay: there is no " + file + "; give the path of a Parquet file that exists");
    }
    Dataset<Row> table = spark.read().parquet(file.toString());
    List<String> missing =
        Arrays.stream(columns).filter(c -> !Arrays.asList(table.columns()).contains(c)).toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot replay " + file + ": it has no column " + String.join(", ", missing));
    }
    return table;
  }

  private static Column usable(String metric) {
    return when(col("status").equalTo("ok"), col(metric));
  }

  private static Arm arm(Row row) {
    Map<String, String> hparams = new TreeMap<>();
    row.<String, String>getJavaMap(row.fieldIndex("hparams"))
        .forEach(
            (name, value) -> {
              if (value != null && !name.equals(Arm.MODEL)) {
                hparams.put(name, value);
              }
            });
    String variant = row.getAs("model_variant");
    return new Arm(variant == null ? "" : variant, new TreeMap<>(hparams));
  }

  private static List<Double> curve(Row row) {
    List<Double> curve = new ArrayList<>();
    for (Double value : row.<Double>getList(row.fieldIndex("curve"))) {
      curve.add(value == null ? Double.NaN : value);
    }
    return curve;
  }

  private static OptionalDouble value(Row row) {
    Double value = row.getAs("value");
    return value == null || !Double.isFinite(value)
        ? OptionalDouble.empty()
        : OptionalDouble.of(value);
  }
}
