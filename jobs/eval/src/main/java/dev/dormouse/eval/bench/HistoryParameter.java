package dev.dormouse.eval.bench;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log10;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.rtrim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;

/**
 * One parameter of a generated history.
 *
 * @param name its name
 * @param values values that grids try, in canonical spelling and in order
 * @param usual index of the common default among the values
 * @param range powers of ten between which random searches draw; empty if they draw from the values
 * @param gain difference in the metric between the highest and the lowest value; 0 for a parameter
 *     without effect
 * @param peaked whether the middle is best instead, by {@code gain}
 */
record HistoryParameter(
    String name,
    List<String> values,
    int usual,
    Optional<Range> range,
    double gain,
    boolean peaked) {

  /** A range of exponents of ten, from {@code low} to {@code high}. */
  record Range(int low, int high) {}

  /** The fewest parameters of a run: failures and interactions depend on these. */
  static final int FEWEST = 8;

  /** The position of a parameter that is missing or no number. */
  private static final double MIDDLE = 0.5;

  private static final List<HistoryParameter> NAMED =
      List.of(
          drawn(
              "learning_rate",
              -5,
              -1,
              0.012,
              true,
              2,
              "0.0001",
              "0.0003",
              "0.001",
              "0.003",
              "0.01",
              "0.03"),
          listed("batch_size", -0.002, false, 2, "512", "1024", "2048", "4096", "8192"),
          listed("embedding_dim", 0.004, false, 1, "8", "16", "32", "64", "128"),
          listed("optimizer", -0.002, false, 1, "adagrad", "adam", "lamb", "sgd"),
          listed("max_len", 0.005, false, 1, "20", "50", "100", "200"),
          listed("hidden_units", 0.001, false, 2, "64", "128", "256", "512", "1024"),
          listed("dropout", 0.003, true, 1, "0", "0.1", "0.2", "0.3", "0.5"),
          listed("layers", 0.002, true, 2, "1", "2", "3", "4", "5"),
          drawn("l2", -6, -2, -0.004, false, 1, "0.000001", "0.00001", "0.0001", "0.001", "0.01"),
          listed("activation", 0, false, 1, "gelu", "relu", "silu"),
          listed("batch_norm", 0.001, false, 1, "false", "true"),
          listed("negatives", 0.002, false, 2, "1", "2", "4", "8", "16", "32"),
          listed("grad_clip", 0, false, 0, "none", "0.5", "1", "5"),
          listed("warmup_steps", 0, false, 1, "0", "500", "1000", "5000"),
          listed("label_smoothing", -0.0005, false, 0, "0", "0.05", "0.1"),
          listed("scheduler", 0.0005, false, 1, "constant", "cosine", "linear"),
          drawn("init_scale", -3, 0, 0, false, 1, "0.01", "0.1", "1"),
          listed("epochs", 0.001, false, 1, "1", "2", "5", "10"),
          listed("embedding_dropout", 0, false, 0, "0", "0.05", "0.1"),
          listed("heads", 0, false, 1, "1", "2", "4", "8"));

  HistoryParameter {
    values = List.copyOf(values);
  }

  /** Returns the first parameters; those beyond the named ones have no effect. */
  static List<HistoryParameter> first(int count) {
    List<HistoryParameter> parameters =
        new ArrayList<>(NAMED.subList(0, Math.min(count, NAMED.size())));
    while (parameters.size() < count) {
      parameters.add(listed("option_" + (parameters.size() + 1), 0, false, 0, "a", "b", "c"));
    }
    return List.copyOf(parameters);
  }

  private static HistoryParameter listed(
      String name, double gain, boolean peaked, int usual, String... values) {
    return new HistoryParameter(name, List.of(values), usual, Optional.empty(), gain, peaked);
  }

  private static HistoryParameter drawn(
      String name, int low, int high, double gain, boolean peaked, int usual, String... values) {
    return new HistoryParameter(
        name, List.of(values), usual, Optional.of(new Range(low, high)), gain, peaked);
  }

  /** Returns the value with this index, as text. */
  Column listed(Column index) {
    return array(values.stream().map(value -> lit(value)).toArray(Column[]::new)).getItem(index);
  }

  /** Returns the value that a random search draws: from the range if there is one. */
  Column drawn(Column uniform) {
    return range
        .map(r -> logUniform(r, uniform))
        .orElseGet(() -> listed(Draws.scaled(values.size(), uniform)));
  }

  /** Draws a number with three significant digits, in canonical spelling. */
  private static Column logUniform(Range range, Column uniform) {
    Column exponent = uniform.multiply(range.high() - range.low()).plus(range.low());
    Column digits = floor(pow(lit(10.0), exponent.minus(floor(exponent))).multiply(100));
    Column number = digits.multiply(pow(lit(10.0), floor(exponent).minus(2)));
    return rtrim(rtrim(number.cast("decimal(20,8)").cast("string"), lit("0")), lit("."));
  }

  /** Returns the position of a value, given as text, between the lowest (0) and the highest (1). */
  Column position(Column text) {
    Column position =
        range
            .map(r -> log10(text.try_cast("double")).minus(r.low()).divide(r.high() - r.low()))
            .orElseGet(
                () ->
                    nullif(
                            array_position(
                                array(values.stream().map(v -> lit(v)).toArray(Column[]::new)),
                                text),
                            lit(0L))
                        .minus(1)
                        .divide(values.size() - 1));
    return coalesce(position, lit(MIDDLE));
  }

  /** Returns the effect of a position on the metric, in its units, for the average study. */
  Column effect(Column position) {
    if (!peaked) {
      return position.multiply(gain);
    }
    Column distance = position.minus(MIDDLE);
    return distance.multiply(distance).multiply(-4 * gain);
  }
}
