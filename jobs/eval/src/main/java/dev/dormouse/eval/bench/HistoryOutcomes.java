package dev.dormouse.eval.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Computes status, metrics and cost of generated runs from their settings and random draws. */
final class HistoryOutcomes {
  private static final double NO_RESULT = 0.02;
  private static final double UNKNOWN_COST = 0.1;
  private static final double CHANCE = 0.5;
  private static final int DIGITS = 6;

  private final Draws draws;
  private final List<HistoryParameter> parameters;

  HistoryOutcomes(Draws draws, List<HistoryParameter> parameters) {
    this.draws = draws;
    this.parameters = parameters;
  }

  /** Adds the status: some combinations of values fail, and some runs fail at random. */
  Dataset<Row> withStatus(Dataset<Row> runs) {
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

  /** Adds the metrics of runs that ended: effects, interactions, and noise of several sources. */
  Dataset<Row> withValue(Dataset<Row> runs) {
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
            sum.plus(
                parameter
                    .effect(col(HistoryGenerator.position(k)))
                    .multiply(col("sensitivities").getItem(k)));
      }
    }
    return sum;
  }

  /** Returns gains of pairs: batch and learning rate, layers and dropout, data and embedding. */
  private Column interactions() {
    Column rateAndBatch =
        at("learning_rate").minus(0.5).multiply(at("batch_size").minus(0.5)).multiply(0.004);
    Column dropoutAndLayers = at("dropout").multiply(at("layers")).multiply(0.002);
    Column widthAndData =
        at("embedding_dim").multiply(col("train_samples").gt(1e7).cast("double")).multiply(0.002);
    return rateAndBatch.plus(dropoutAndLayers).plus(widthAndData);
  }

  /** Adds the cost, which grows with the size of the model. */
  Dataset<Row> withCost(Dataset<Row> runs) {
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

  /** Returns the position of a parameter between its lowest (0) and highest value (1). */
  private Column at(String name) {
    return col(HistoryGenerator.position(index(name)));
  }

  private String setting(String name) {
    return HistoryGenerator.setting(index(name));
  }

  private int index(String name) {
    return IntStream.range(0, parameters.size())
        .filter(k -> parameters.get(k).name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
