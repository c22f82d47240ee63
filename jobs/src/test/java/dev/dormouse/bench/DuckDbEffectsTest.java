package dev.dormouse.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.io.SparkExtension;
import java.io.IOException;
import java.nio.file.Path;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class DuckDbEffectsTest {
  private static final int NEXT = 16;

  @TempDir Path directory;

  private record Configuration(List<String> slice, Map<String, String> params, double value) {}

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
                "SELECT 's' AS study, 'auc' AS metric, 'm' AS model_variant, 'c' || id AS config_id,"
                    + " 'ok' AS status, sqrt(id) AS value, map('lr', CAST(id AS STRING), 'clip', 'none') AS params"
                    + " FROM range(40)");
    assertThat(assertAgreement(scan)).hasSize(24 * 16 + 16 * 15 / 2);
  }

  @Test
  void textComesBeforeNumbersAndNumbersAreNotText() throws IOException {
    Dataset<Row> mixed =
        SparkExtension.spark()
            .sql(
                "SELECT 's' AS study, 'auc' AS metric, 'm' AS model_variant, 'c' || clip AS config_id,"
                    + " 'ok' AS status, 0.5D AS value, map('clip', clip) AS params"
                    + " FROM VALUES ('10'), ('9'), ('none') AS t(clip)");
    assertThat(assertAgreement(mixed).keySet())
        .extracting(key -> key.get(4) + "->" + key.get(5))
        .containsExactlyInAnyOrder("none->9", "none->10", "9->10");
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

  private Map<List<String>, Step> assertAgreement(Dataset<Row> runs) throws IOException {
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
            .add(ordered.get(j).value() - ordered.get(i).value());
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
                        .mapToDouble(row -> row.<Double>getAs("value"))
                        .average()
                        .orElseThrow()))
        .toList();
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
    Assumptions.assumeTrue(
        duckDb.isPresent(),
        "DORMOUSE_BENCH_PYTHON names no Python environment with DuckDB (jobs/examples/python-env.sh makes one from notebooks/requirements.txt)");
    return duckDb.orElseThrow();
  }
}
