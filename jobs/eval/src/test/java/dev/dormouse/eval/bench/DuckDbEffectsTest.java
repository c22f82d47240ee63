package dev.dormouse.eval.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.timestamp_seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
@Tag("server")
class DuckDbEffectsTest {
  private static final int NEXT = 16;
  private static final List<String> LOWER_IS_BETTER = List.of("logloss", "rmse");

  @TempDir Path directory;

  private record Result(String sweep, double value) {}

  /** What was tried with which results, in the order in which they came. */
  private record Configuration(
      List<String> slice, Map<String, String> params, List<Result> results) {

    /** Mean gain of the other over this, over equally many first results of a shared sweep. */
    double gain(Configuration other) {
      Optional<String> shared =
          results.stream()
              .map(Result::sweep)
              .filter(sweep -> other.results.stream().anyMatch(r -> r.sweep().equals(sweep)))
              .findFirst();
      List<Double> before = in(shared);
      List<Double> after = other.in(shared);
      int runs = Math.min(before.size(), after.size());
      double difference = mean(after.subList(0, runs)) - mean(before.subList(0, runs));
      return LOWER_IS_BETTER.contains(slice.get(1)) ? -difference : difference;
    }

    private List<Double> in(Optional<String> sweep) {
      return results.stream()
          .filter(result -> sweep.isEmpty() || result.sweep().equals(sweep.get()))
          .map(Result::value)
          .toList();
    }

    private static double mean(List<Double> values) {
      return values.stream().mapToDouble(value -> value).average().orElseThrow();
    }
  }

  private record Step(double difference, long pairs) {}

  @Test
  void agreesWithPairingOneByOneInJava() throws IOException {
    Dataset<Row> runs = HistoryGenerator.runs(SparkExtension.spark(), 2_000, 20, 4);
    assertAgreement(runs);
  }

  @Test
  void pairsEachValueOfAFineScanWithTheNextSixteenOnly() throws IOException {
    Dataset<Row> scan =
        SparkExtension.spark()
            .sql(
                "SELECT 's' AS study, 'auc' AS metric, 'm' AS model_variant, 'c' || id AS"
                    + " config_id, 'a' AS sweep, 'ok' AS status, sqrt(id) AS value, map('lr',"
                    + " CAST(id AS STRING), 'clip', 'none') AS params FROM range(40)");
    assertThat(assertAgreement(scan)).hasSize(24 * 16 + 16 * 15 / 2);
  }

  @Test
  void textComesBeforeNumbersAndNumbersAreNotText() throws IOException {
    Dataset<Row> mixed =
        SparkExtension.spark()
            .sql(
                "SELECT 's' AS study, 'auc' AS metric, 'm' AS model_variant, 'c' || clip AS"
                    + " config_id, 'a' AS sweep, 'ok' AS status, 0.5D AS value, map('clip', clip)"
                    + " AS params FROM VALUES ('10'), ('9'), ('none') AS t(clip)");
    assertThat(assertAgreement(mixed).keySet())
        .extracting(key -> key.get(4) + "->" + key.get(5))
        .containsExactlyInAnyOrder("none->9", "none->10", "9->10");
  }

  @Test
  void comparesEquallyManyRunsOfOneSweepWhereThereAreSuch() throws IOException {
    Dataset<Row> repeated =
        SparkExtension.spark()
            .sql(
                "SELECT 's' AS study, 'auc' AS metric, 'm' AS model_variant, 'c' || lr AS"
                    + " config_id, sweep, 'ok' AS status, value, map('lr', lr) AS params FROM"
                    + " VALUES ('1', 'a', 0.9D), ('1', 'b', 0.5D), ('1', 'b', 0.1D), ('2', 'b',"
                    + " 0.6D), ('3', 'c', 0.7D) AS t(lr, sweep, value)");
    assertThat(assertAgreement(repeated).values())
        .extracting(step -> Math.round(step.difference() * 10))
        .containsExactly(1L, -2L, 1L);
  }

  @Test
  void saysWhatDuckDbSaid() {
    DuckDbEffects duckDb = duckDb();
    assertThatThrownBy(
            () ->
                duckDb.run(
                    directory.resolve("none/*.parquet").toString(),
                    directory.resolve("out.parquet"),
                    directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none/*.parquet");
    assertThat(DuckDbEffects.with(directory)).isEmpty();
  }

  /** The columns that order runs are added if they are missing: ended one after the other. */
  private Map<List<String>, Step> assertAgreement(Dataset<Row> rows) throws IOException {
    Dataset<Row> runs = List.of(rows.columns()).contains("run_id") ? rows : oneByOne(rows);
    DuckDbEffects duckDb = duckDb();
    Path parquet = directory.resolve("runs");
    runs.write().parquet(parquet.toString());
    Path out = directory.resolve("slices.parquet");
    DuckDbEffects.Outcome outcome =
        duckDb.run(parquet.resolve("*.parquet").toString(), out, directory);

    Map<List<String>, Step> expected = pairedByHand(runs);
    Map<List<String>, Step> actual = new TreeMap<>(byText());
    for (Row row : SparkExtension.spark().read().parquet(out.toString()).collectAsList()) {
      List<String> key = SliceComparison.KEY.stream().map(name -> row.<String>getAs(name)).toList();
      actual.put(key, new Step(row.<Double>getAs("difference"), row.<Long>getAs("n_pairs")));
    }
    assertThat(outcome.slices()).isEqualTo(expected.size());
    assertThat(outcome.seconds()).isPositive();
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    assertThat(actual)
        .allSatisfy(
            (key, step) -> {
              assertThat(step.pairs()).isEqualTo(expected.get(key).pairs());
              assertThat(step.difference())
                  .isCloseTo(expected.get(key).difference(), within(1e-12));
            });
    assertThat(expected).isNotEmpty();
    return actual;
  }

  private static Dataset<Row> oneByOne(Dataset<Row> rows) {
    return rows.coalesce(1)
        .withColumn("number", monotonically_increasing_id())
        .withColumn("finished_at", timestamp_seconds(col("number")))
        .withColumn("run_id", col("number").cast("string"))
        .withColumn("seed", lit(1L));
  }

  private static Map<List<String>, Step> pairedByHand(Dataset<Row> runs) {
    Map<List<String>, List<Double>> differences = new TreeMap<>(byText());
    Map<List<String>, List<Configuration>> slices =
        configurations(runs).stream().collect(Collectors.groupingBy(Configuration::slice));
    slices.forEach(
        (slice, configurations) -> {
          List<String> names =
              configurations.stream()
                  .flatMap(c -> c.params().keySet().stream())
                  .distinct()
                  .toList();
          for (String name : names) {
            configurations.stream()
                .filter(c -> c.params().containsKey(name))
                .collect(Collectors.groupingBy(c -> without(c.params(), name)))
                .values()
                .forEach(equalOtherwise -> addPairs(slice, name, equalOtherwise, differences));
          }
        });
    Map<List<String>, Step> steps = new TreeMap<>(byText());
    differences.forEach(
        (key, all) ->
            steps.put(
                key,
                new Step(all.stream().mapToDouble(d -> d).average().orElseThrow(), all.size())));
    return steps;
  }

  private static void addPairs(
      List<String> slice,
      String name,
      List<Configuration> equalOtherwise,
      Map<List<String>, List<Double>> differences) {
    List<Configuration> ordered =
        equalOtherwise.stream()
            .sorted(
                Comparator.comparingDouble((Configuration c) -> number(c.params().get(name)))
                    .thenComparing(c -> c.params().get(name)))
            .toList();
    for (int i = 0; i < ordered.size(); i++) {
      for (int j = i + 1; j < ordered.size() && j <= i + NEXT; j++) {
        List<String> key = new ArrayList<>(slice);
        key.addAll(
            List.of(name, ordered.get(i).params().get(name), ordered.get(j).params().get(name)));
        differences
            .computeIfAbsent(key, k -> new ArrayList<>())
            .add(ordered.get(i).gain(ordered.get(j)));
      }
    }
  }

  private static List<Configuration> configurations(Dataset<Row> runs) {
    Map<List<String>, List<Row>> byConfiguration =
        runs.where("status = 'ok' AND value IS NOT NULL").collectAsList().stream()
            .collect(
                Collectors.groupingBy(
                    row ->
                        List.of(
                            row.getAs("study"),
                            row.getAs("metric"),
                            row.getAs("model_variant"),
                            row.<String>getAs("config_id"))));
    return byConfiguration.entrySet().stream()
        .map(
            e ->
                new Configuration(
                    e.getKey().subList(0, 3),
                    new TreeMap<>(
                        e.getValue().get(0).getJavaMap(e.getValue().get(0).fieldIndex("params"))),
                    e.getValue().stream()
                        .sorted(DuckDbEffectsTest::byEnd)
                        .map(row -> new Result(sweep(row), row.<Double>getAs("value")))
                        .toList()))
        .toList();
  }

  private static int byEnd(Row a, Row b) {
    return Comparator.comparing(
            (Row row) -> row.<Instant>getAs("finished_at"),
            Comparator.nullsFirst(Comparator.naturalOrder()))
        .thenComparing(
            row -> row.<Long>getAs("seed"), Comparator.nullsFirst(Comparator.naturalOrder()))
        .thenComparing(row -> row.<String>getAs("run_id"))
        .compare(a, b);
  }

  private static String sweep(Row row) {
    String sweep = row.getAs("sweep");
    return sweep == null ? "" : sweep;
  }

  private static Map<String, String> without(Map<String, String> params, String name) {
    Map<String, String> rest = new TreeMap<>(params);
    rest.remove(name);
    return rest;
  }

  private static double number(String text) {
    return text.matches("[0-9.]+") ? Double.parseDouble(text) : Double.NEGATIVE_INFINITY;
  }

  private static Comparator<List<String>> byText() {
    return (a, b) ->
        IntStream.range(0, a.size())
            .map(i -> a.get(i).compareTo(b.get(i)))
            .filter(order -> order != 0)
            .findFirst()
            .orElse(0);
  }

  private static DuckDbEffects duckDb() {
    Optional<DuckDbEffects> duckDb =
        Optional.ofNullable(System.getenv("DORMOUSE_BENCH_PYTHON"))
            .map(Path::of)
            .flatMap(DuckDbEffects::with);
    assertThat(duckDb)
        .as(
            "DORMOUSE_BENCH_PYTHON names no Python environment with DuckDB"
                + " (jobs/examples/python-env.sh makes one from notebooks/requirements.txt)")
        .isPresent();
    return duckDb.orElseThrow();
  }
}
