package dev.dormouse.eval.bench;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.timestamp_seconds;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.model.StudyKey;
import dev.dormouse.table.RunsTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Generates histories that resemble those of a team after some years: a few huge studies and many
 * small ones, grids and random searches, runs by hand, repeated seeds, and outcomes by {@link
 * HistoryOutcomes}. The same size and seed give the same rows.
 */
public final class HistoryGenerator {
  /** The fewest parameters of a run. */
  public static final int FEWEST_PARAMETERS = HistoryParameter.FEWEST;

  private static final long SECONDS_BETWEEN_STARTS = 600;

  private final Draws draws;
  private final List<HistoryParameter> parameters;

  private HistoryGenerator(long seed, int parameters) {
    this.draws = new Draws(seed);
    this.parameters = HistoryParameter.first(parameters);
  }

  /**
   * Generates a history as rows of {@link RunsTable}.
   *
   * @param runs number of runs
   * @param parameters number of parameters of a run, at least {@link #FEWEST_PARAMETERS}; one run
   *     in twenty lacks one of them
   * @param seed seed of all random draws
   */
  public static Dataset<Row> runs(SparkSession spark, long runs, int parameters, long seed) {
    if (runs < 1 || parameters < FEWEST_PARAMETERS) {
      throw new IllegalArgumentException(
          "Cannot generate "
              + runs
              + " runs of "
              + parameters
              + " parameters: at least 1 run and "
              + FEWEST_PARAMETERS
              + " parameters are needed");
    }
    HistoryGenerator generator = new HistoryGenerator(seed, parameters);
    HistoryOutcomes outcomes = new HistoryOutcomes(generator.draws, generator.parameters);
    return new Sweeps(generator.draws, generator.parameters)
        .covering(spark, runs)
        .transform(sweeps -> numbered(sweeps, runs))
        .transform(generator::withSettings)
        .transform(generator::withPositions)
        .transform(outcomes::withStatus)
        .transform(outcomes::withValue)
        .transform(outcomes::withCost)
        .transform(generator::asTable);
  }

  /** Adds one row per run with its configuration within the sweep and its repetition. */
  private static Dataset<Row> numbered(Dataset<Row> sweeps, long runs) {
    Column configurations =
        when(
                col("grid"),
                aggregate(col("radices"), lit(1L), (product, radix) -> product.multiply(radix)))
            .otherwise(col("size"));
    Column i = col("i");
    return sweeps
        .withColumn("configurations", configurations)
        .withColumn("i", explode(sequence(lit(0L), col("size").cast("long").minus(1))))
        .withColumn("number", col("sweep").plus(i))
        .where(col("number").lt(runs))
        .withColumn("by_hand", i.geq(col("configurations").multiply(col("seeds"))))
        .withColumn(
            "configuration",
            when(col("by_hand"), i)
                .when(col("grid"), pmod(i, col("configurations")))
                .otherwise(i.minus(pmod(i, col("seeds"))).divide(col("seeds")).cast("long")))
        .withColumn(
            "repetition",
            when(col("by_hand"), 0L)
                .when(
                    col("grid"),
                    i.minus(col("configuration")).divide(col("configurations")).cast("long"))
                .otherwise(pmod(i, col("seeds"))));
  }

  /** Adds one column per parameter with its value as text; null where it was not recorded. */
  private Dataset<Row> withSettings(Dataset<Row> runs) {
    Dataset<Row> withSettings =
        runs.withColumn(
            "changed_by_hand",
            draws.below(parameters.size(), "by hand", col("sweep"), col("configuration")));
    for (int k = 0; k < parameters.size(); k++) {
      withSettings = withSettings.withColumn(setting(k), value(k));
    }
    return withSettings;
  }

  private Column value(int k) {
    HistoryParameter parameter = parameters.get(k);
    Column usual = col("defaults").getItem(k);
    Column digit =
        pmod(
            col("configuration")
                .minus(pmod(col("configuration"), col("strides").getItem(k)))
                .divide(col("strides").getItem(k))
                .cast("long"),
            col("radices").getItem(k));
    Column ofGrid = pmod(usual.plus(digit), lit(parameter.values().size())).cast("int");
    Column isDrawn =
        when(col("by_hand"), col("changed_by_hand").equalTo(k))
            .otherwise(col("varied").getItem(k).and(col("grid").equalTo(false)));
    Column drawn =
        parameter.drawn(draws.uniform("value", col("sweep"), col("configuration"), lit(k)));
    return when(col("incomplete").equalTo(k), lit(null).cast("string"))
        .when(isDrawn, drawn)
        .when(col("by_hand"), parameter.listed(usual))
        .otherwise(parameter.listed(ofGrid));
  }

  private Dataset<Row> withPositions(Dataset<Row> runs) {
    Dataset<Row> withPositions = runs;
    for (int k = 0; k < parameters.size(); k++) {
      withPositions =
          withPositions.withColumn(position(k), parameters.get(k).position(col(setting(k))));
    }
    List<Column> named =
        IntStream.range(0, parameters.size())
            .boxed()
            .sorted(Comparator.comparing(k -> parameters.get(k).name()))
            .map(k -> concat(lit(parameters.get(k).name() + "="), col(setting(k))))
            .toList();
    // The identity that Arm computes; concat_ws skips nulls.
    Column identity =
        concat(modelVariant(), lit("\n{"), concat_ws(", ", named.toArray(Column[]::new)), lit("}"));
    return withPositions
        .withColumn("model_variant", modelVariant())
        .withColumn("config_id", substring(sha2(identity.cast("binary"), 256), 1, 12));
  }

  private static Column modelVariant() {
    return format_string("Model%02d", col("model"));
  }

  private Dataset<Row> asTable(Dataset<Row> runs) {
    Column started = col("start").plus(col("i").multiply(SECONDS_BETWEEN_STARTS));
    List<Column> params = new ArrayList<>();
    for (int k = 0; k < parameters.size(); k++) {
      params.add(lit(parameters.get(k).name()));
      params.add(col(setting(k)));
    }
    Column seedIsKnown = draws.uniform("seed is known", col("sweep")).gt(0.1);
    return runs.select(
        format_string("run-%09d", col("number")).as("run_id"),
        concat(
                col("dataset"),
                lit("/"),
                col("features"),
                lit(":"),
                col("metric"),
                lit("@" + StudyKey.VALIDATION))
            .as("study"),
        col("dataset"),
        col("features"),
        col("metric"),
        lit(StudyKey.VALIDATION).as("metric_split"),
        format_string("family_%02d", pmod(col("dataset_number"), lit(20))).as("family"),
        col("config_id"),
        col("model_variant"),
        map_filter(map(params.toArray(Column[]::new)), (name, value) -> value.isNotNull())
            .as("params"),
        when(seedIsKnown, col("repetition").plus(1)).as("seed"),
        col("status"),
        col("metrics"),
        col("value"),
        col("cost_gpu_hours"),
        col("cost_source"),
        when(col("by_hand").equalTo(false), format_string("sweep-%09d", col("sweep"))).as("sweep"),
        col("train_samples"),
        timestamp_seconds(started).as("started_at"),
        timestamp_seconds(started.plus(col("cost_gpu_hours").multiply(3600).cast("long")))
            .as("finished_at"),
        lit("generated").as("source"),
        format_string("generated sweep %d run %d", col("sweep"), col("i")).as("provenance"),
        lit(null).cast("string").as("campaign_id"),
        lit(null).cast("string").as("trial_id"),
        lit(0).as("attempt"));
  }

  static String setting(int k) {
    return "setting_" + k;
  }

  static String position(int k) {
    return "position_" + k;
  }
}
