package dev.dormouse.eval.bench;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lpad;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Generates sweeps, each of one study and model variant, including runs that somebody started by
 * hand around it. One row per sweep.
 */
final class Sweeps {
  /** Runs are numbered in blocks, and a block is cut into sweeps of one size. */
  private static final int BLOCK = 240;

  private static final int[] SIZES = {240, 120, 120, 80, 60, 60, 40, 30, 24, 20};

  private static final int BLOCKS_A_PARTITION = 500;
  private static final int MODELS = 24;
  private static final int MODELS_A_STUDY = 8;

  /** The most values per parameter of a grid, by the number of parameters (3 to 6) it varies. */
  private static final int[] VALUES_A_PARAMETER = {6, 4, 3, 2};

  private static final int[] SEEDS = {1, 1, 1, 1, 1, 1, 1, 2, 3, 5};
  private static final double GRIDS = 0.6;
  private static final double INCOMPLETE = 0.05;
  private static final long FIRST_START = 1_704_067_200L; // 2024-01-01
  private static final long SECONDS_OF_TWO_YEARS = 2L * 365 * 24 * 3600;

  private final Draws draws;
  private final List<HistoryParameter> parameters;

  Sweeps(Draws draws, List<HistoryParameter> parameters) {
    this.draws = draws;
    this.parameters = parameters;
  }

  /**
   * Returns sweeps with at least this many runs in total, with these columns besides the study's:
   *
   * <ul>
   *   <li>{@code sweep}: number of its first run, {@code size}: number of runs, including those by
   *       hand
   *   <li>{@code grid}: whether it is a grid or a random search, {@code seeds}: runs per
   *       configuration
   *   <li>{@code defaults}, {@code varied}, {@code radices}, {@code strides}: by parameter, the
   *       index of its default, whether it varies, over how many values in a grid, and how many
   *       configurations share one
   *   <li>{@code sensitivities}: by parameter, how strong its effect is here, 1 on average
   *   <li>{@code incomplete}: the parameter that was not recorded, or -1
   *   <li>{@code start}: seconds since 1970
   * </ul>
   */
  Dataset<Row> covering(SparkSession spark, long runs) {
    long blocks = (runs + BLOCK - 1) / BLOCK;
    int partitions = (int) Math.max(1, blocks / BLOCKS_A_PARTITION);
    return spark
        .range(0, blocks, 1, partitions)
        .withColumn("size", oneOf(SIZES, draws.uniform("size", col("id"))))
        .withColumn(
            "slot", explode(sequence(lit(0), lit(BLOCK).divide(col("size")).cast("int").minus(1))))
        .select(
            col("id").multiply(BLOCK).plus(col("slot").multiply(col("size"))).as("sweep"),
            col("size"))
        .transform(sweeps -> withStudy(sweeps, runs))
        .transform(this::withDesign)
        .transform(this::withConfigurations);
  }

  /** Adds the study by Zipf's law: rank 2 has half as many sweeps as rank 1, and so on. */
  private Dataset<Row> withStudy(Dataset<Row> sweeps, long runs) {
    double studies = 10 + Math.sqrt((double) runs);
    Column rank = floor(exp(draws.uniform("study", col("sweep")).multiply(Math.log(studies + 1))));
    Column rankOfModel =
        floor(exp(draws.uniform("model", col("sweep")).multiply(Math.log(MODELS_A_STUDY + 1))));
    return sweeps
        .withColumn("study_rank", rank)
        .withColumn("dataset_number", floor(col("study_rank").divide(2)))
        .withColumn("model", draws.below(MODELS, "models", col("study_rank"), rankOfModel))
        .withColumn(
            "dataset", concat(lit("clicks_"), lpad(col("dataset_number").cast("string"), 4, "0")))
        .withColumn(
            "features", format_string("f%04x", draws.below(1 << 16, "features", col("study_rank"))))
        .withColumn(
            "metric",
            element_at(
                array(
                    lit("auc"),
                    lit("auc"),
                    lit("auc"),
                    lit("logloss"),
                    lit("ndcg@10"),
                    lit("rmse")),
                draws.below(6, "metric", col("dataset_number")).plus(1)))
        .withColumn(
            "train_samples",
            floor(
                exp(
                    draws
                        .uniform("train samples", col("dataset_number"))
                        .multiply(Math.log(1e4))
                        .plus(Math.log(1e5)))))
        .withColumn(
            "start",
            floor(draws.uniform("start", col("sweep")).multiply(SECONDS_OF_TWO_YEARS))
                .plus(FIRST_START));
  }

  private Dataset<Row> withDesign(Dataset<Row> sweeps) {
    Column varied =
        when(col("grid"), draws.below(4, "grid parameters", col("sweep")).plus(3))
            .otherwise(
                least(
                    draws.below(6, "random parameters", col("sweep")).plus(3),
                    lit(parameters.size())));
    return sweeps
        .withColumn("grid", draws.uniform("design", col("sweep")).lt(GRIDS))
        .withColumn("seeds", oneOf(SEEDS, draws.uniform("seeds", col("sweep"))))
        .withColumn("n_varied", varied)
        .withColumn(
            "incomplete",
            when(
                    draws.uniform("incomplete", col("sweep")).lt(INCOMPLETE),
                    draws.below(parameters.size(), "not recorded", col("sweep")))
                .otherwise(-1));
  }

  private Dataset<Row> withConfigurations(Dataset<Row> sweeps) {
    Column indices = sequence(lit(0), lit(parameters.size() - 1));
    Column shuffled =
        array_sort(
            transform(
                indices, k -> struct(draws.uniform("varied", col("sweep"), k).as("u"), k.as("k"))));
    Column strides =
        transform(
            indices,
            k ->
                aggregate(
                    slice(col("radices"), lit(1), k),
                    lit(1L),
                    (product, radix) -> product.multiply(radix)));
    return sweeps
        .withColumn(
            "chosen",
            transform(slice(shuffled, lit(1), col("n_varied")), chosen -> chosen.getField("k")))
        .withColumn("defaults", eachParameter(this::usual))
        .withColumn("varied", eachParameter(k -> array_contains(col("chosen"), k)))
        .withColumn("radices", eachParameter(this::radix))
        .withColumn("strides", strides)
        .withColumn("sensitivities", eachParameter(this::sensitivity))
        .drop("chosen", "n_varied");
  }

  private Column eachParameter(IntFunction<Column> column) {
    return array(IntStream.range(0, parameters.size()).mapToObj(column).toArray(Column[]::new));
  }

  /** Returns the default, which differs by model, by study and sometimes between sweeps. */
  private Column usual(int k) {
    int n = parameters.get(k).values().size();
    Column changed = draws.uniform("default of sweep", col("sweep"), lit(k));
    Column ofStudy = draws.uniform("default of study", col("study_rank"), lit(k));
    Column ofModel = draws.uniform("default of model", col("model"), lit(k));
    return when(changed.lt(0.03), Draws.scaled(n, changed.divide(0.03)))
        .when(ofStudy.lt(0.15), Draws.scaled(n, ofStudy.divide(0.15)))
        .when(ofModel.lt(0.3), Draws.scaled(n, ofModel.divide(0.3)))
        .otherwise(parameters.get(k).usual());
  }

  private Column radix(int k) {
    int available = parameters.get(k).values().size();
    Column most =
        least(
            lit(available),
            array(IntStream.of(VALUES_A_PARAMETER).mapToObj(v -> lit(v)).toArray(Column[]::new))
                .getItem(col("n_varied").minus(3)));
    Column values =
        floor(draws.uniform("values", col("sweep"), lit(k)).multiply(most.minus(1)))
            .cast("int")
            .plus(2);
    return when(col("grid").and(col("varied").getItem(k)), values).otherwise(1);
  }

  private Column sensitivity(int k) {
    return draws
        .normal("sensitivity of study", col("study_rank"), lit(k))
        .multiply(0.4)
        .plus(draws.normal("sensitivity of model", col("model"), lit(k)).multiply(0.2))
        .plus(1);
  }

  private static Column oneOf(int[] values, Column uniform) {
    return array(IntStream.of(values).mapToObj(v -> lit(v)).toArray(Column[]::new))
        .getItem(Draws.scaled(values.length, uniform));
  }
}
