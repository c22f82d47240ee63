package dev.dormouse.eval.bench;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.round;
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
 * Generated histories that look like those of a team of some years: a few huge studies and many
 * small ones, grids and random searches, runs by hand, repeated seeds, failures, and results made
 * of known effects, interactions and noise. The same size and seed give the same rows.
 */
public final class HistoryGenerator {
  /** The fewest parameters of a run. */
  public static final int FEWEST_PARAMETERS = HistoryParameter.FEWEST;

  private static final double NO_RESULT = 0.02;
  private static final double UNKNOWN_COST = 0.1;
  private static final double CHANCE = 0.5;
  private static final long SECONDS_BETWEEN_STARTS = 600;
  private static final int DIGITS = 6;

  private final Draws draws;
  private final List<HistoryParameter> parameters;

  private HistoryGenerator(long seed, int parameters) {
    this.draws = new Draws(seed);
    this.parameters = HistoryParameter.first(parameters);
  }

  /**
   * A history as rows of {@link RunsTable}.
   *
   * @param runs how many runs
   * @param parameters how many parameters a run has, at least {@link #FEWEST_PARAMETERS}; one run
   *     in twenty lacks one of them
   * @param seed another seed gives another history of the same kind
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
    return new Sweeps(generator.draws, generator.parameters)
        .covering(spark, runs)
        .transform(sweeps -> numbered(sweeps, runs))
        .transform(generator::withSettings)
        .transform(generator::withPositions)
        .transform(generator::withStatus)
        .transform(generator::withValue)
        .transform(generator::withCost)
        .transform(generator::asTable);
  }

  /** One row a run: its configuration within the sweep, and which of its seeds it has. */
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

  /** One column a parameter with its value as text; null where it was not recorded. */
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
    // The identity that an Arm gives itself; concat_ws leaves out what is null.
    Column identity =
        concat(modelVariant(), lit("\n{"), concat_ws(", ", named.toArray(Column[]::new)), lit("}"));
    return withPositions
        .withColumn("model_variant", modelVariant())
        .withColumn("config_id", substring(sha2(identity.cast("binary"), 256), 1, 12));
  }

  private static Column modelVariant() {
    return format_string("Model%02d", col("model"));
  }

  /** Some combinations of values fail, and some runs for no visible reason. */
  private Dataset<Row> withStatus(Dataset<Row> runs) {
    Column luck = draws.uniform("luck", col("number"));
    Column sgd = col(setting("optimizer")).eqNullSafe("sgd");
    Column rate = at("learning_rate");
    Column tooFast = rate.gt(0.9).or(rate.gt(0.7).and(sgd));
    Column tooLarge =
        at("embedding_dim")
            .plus(at("batch_size"))
            .plus(at("hidden_units"))
            .plus(at("max_len"))
            .gt(3.0);
    return runs.withColumn(
        "status",
        when(luck.lt(NO_RESULT), "no_result")
            .when(tooLarge.and(luck.lt(0.9)), "oom")
            .when(tooFast.and(luck.lt(0.7)), "collapsed")
            .otherwise("ok"));
  }

  private Dataset<Row> withValue(Dataset<Row> runs) {
    Column ofStudy = draws.uniform("base", col("study_rank")).multiply(0.2).plus(0.65);
    Column ofModel =
        draws
            .normal("model", col("model"))
            .multiply(0.004)
            .plus(draws.normal("model in study", col("model"), col("study_rank")).multiply(0.002));
    Column ofSweep = draws.normal("pipeline", col("sweep")).multiply(0.0002);
    Column noise =
        draws
            .normal("noise", col("number"))
            .multiply(
                draws.uniform("noise of study", col("study_rank")).multiply(0.001).plus(0.0003));
    Column goodness =
        ofStudy.plus(ofModel).plus(ofSweep).plus(effects()).plus(interactions()).plus(noise);
    Column lowerIsBetter = col("metric").isin("logloss", "rmse");
    Column value =
        when(
                col("status").equalTo("ok"),
                when(lowerIsBetter, lit(1.2).minus(goodness)).otherwise(goodness))
            .when(col("status").equalTo("collapsed"), lit(CHANCE));
    Column onTest = draws.normal("test", col("number")).multiply(0.0005).minus(0.001);
    Column sameAsTest = draws.uniform("validation is test", col("study_rank")).lt(0.03);
    return runs.withColumn("value", round(value, DIGITS))
        .withColumn(
            "metrics",
            when(
                    col("value").isNotNull(),
                    map(
                        col("metric"),
                        col("value"),
                        concat(lit("test_"), col("metric")),
                        when(sameAsTest, col("value"))
                            .otherwise(round(col("value").plus(onTest), DIGITS))))
                .otherwise(map().cast("map<string,double>")));
  }

  private Column effects() {
    Column sum = lit(0.0);
    for (int k = 0; k < parameters.size(); k++) {
      HistoryParameter parameter = parameters.get(k);
      if (parameter.gain() != 0) {
        sum =
            sum.plus(parameter.effect(col(position(k))).multiply(col("sensitivities").getItem(k)));
      }
    }
    return sum;
  }

  /** Larger batches want larger steps, more layers want dropout, more data wider embeddings. */
  private Column interactions() {
    Column rateAndBatch =
        at("learning_rate").minus(0.5).multiply(at("batch_size").minus(0.5)).multiply(0.004);
    Column dropoutAndLayers = at("dropout").multiply(at("layers")).multiply(0.002);
    Column widthAndData =
        at("embedding_dim").multiply(col("train_samples").gt(1e7).cast("double")).multiply(0.002);
    return rateAndBatch.plus(dropoutAndLayers).plus(widthAndData);
  }

  private Dataset<Row> withCost(Dataset<Row> runs) {
    Column size =
        at("embedding_dim").plus(at("hidden_units")).plus(at("layers")).plus(at("max_len"));
    Column hours =
        exp(
            draws
                .normal("cost", col("number"))
                .multiply(0.1)
                .plus(draws.normal("cost of study", col("study_rank")))
                .plus(size.multiply(0.7))
                .minus(2));
    Column source = draws.uniform("cost source", col("sweep"));
    return runs.withColumn(
            "cost_source",
            when(source.lt(UNKNOWN_COST).or(col("status").equalTo("no_result")), "unknown")
                .when(source.lt(0.3), "log")
                .otherwise("measured"))
        .withColumn(
            "cost_gpu_hours", when(col("cost_source").notEqual("unknown"), round(hours, DIGITS)));
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

  /** Where the parameter of this name stands between its lowest (0) and highest value (1). */
  private Column at(String name) {
    return col(position(index(name)));
  }

  private String setting(String name) {
    return setting(index(name));
  }

  private int index(String name) {
    return IntStream.range(0, parameters.size())
        .filter(k -> parameters.get(k).name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String setting(int k) {
    return "setting_" + k;
  }

  private static String position(int k) {
    return "position_" + k;
  }
}
