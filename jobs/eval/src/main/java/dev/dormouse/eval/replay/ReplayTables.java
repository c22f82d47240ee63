package dev.dormouse.eval.replay;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Objective;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

  /** Returns what the results of a table measure. */
  static Objective objective(SparkSession spark, Path file) {
    return hasSettings(spark, file)
        ? new Objective("loss", Objective.Direction.MINIMIZE, 0)
        : new Objective("auc", Objective.Direction.MAXIMIZE, 0);
  }

  /**
   * Returns the past runs for campaigns on a table: those in directories, and of a table of
   * optimizer settings its own. Every dataset can be imported, and names the task of each run.
   */
  static List<Dataset<Row>> history(SparkSession spark, Path file, List<Path> directories) {
    List<Dataset<Row>> sources = new ArrayList<>();
    directories.forEach(directory -> sources.add(runs(spark, directory)));
    if (hasSettings(spark, file)) {
      sources.add(settingsRuns(spark, file));
    }
    return sources;
  }

  private static Dataset<Row> settingsRuns(SparkSession spark, Path file) {
    return table(spark, file)
        .where(col("split").equalTo("history"))
        .select(
            concat_ws(" ", col("task_id"), col("config_id")).as("experiment_id"),
            col("task_id"),
            col("task_id").as("family"),
            col("task_id").as("dataset_version"),
            lit("all").as("feature_set"),
            col("model_variant"),
            col("hparams"),
            col("status"),
            negate(col("value")).as("val_loss"));
  }

  /** Returns the data families of the tasks that past runs name. */
  static Map<String, Set<String>> families(List<Dataset<Row>> history) {
    Map<String, Set<String>> families = new TreeMap<>();
    for (Dataset<Row> runs : history) {
      for (Row row :
          runs.where(col("task_id").isNotNull().and(col("family").isNotNull()))
              .select("task_id", "family")
              .distinct()
              .collectAsList()) {
        families.computeIfAbsent(row.getString(0), task -> new TreeSet<>()).add(row.getString(1));
      }
    }
    return families;
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
              col("status"),
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
            col("status"),
            negate(usable(SETTINGS_METRIC)).as("value"),
            transform(col(SETTINGS_CURVE).cast("array<double>"), loss -> negate(loss)).as("curve"));
  }

  private static Dataset<Row> runs(SparkSession spark, Path directory) {
    return read(
        spark,
        directory.resolve(VisibleHistory.RUNS),
        "experiment_id",
        "task_id",
        "family",
        "dataset_version",
        "feature_set",
        "model_variant",
        "hparams",
        "status",
        "val_auc");
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
