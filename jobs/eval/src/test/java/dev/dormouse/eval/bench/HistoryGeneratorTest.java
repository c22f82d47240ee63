package dev.dormouse.eval.bench;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.sort_array;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.SparkTypes;
import dev.dormouse.table.TableRow;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class HistoryGeneratorTest {
  private static final int RUNS = 6_000;
  private static final int PARAMETERS = 20;

  @TempDir static Path root;
  private static SparkLake lake;
  private static List<TableRow> rows;
  private static List<Run> runs;

  @BeforeAll
  static void generate() {
    lake = SparkLake.at(SparkExtension.spark(), root);
    lake.create(RunsTable.TABLE);
    // The writer checks columns, types, required values and the table's rules.
    lake.append(RunsTable.TABLE, history(RUNS, 1));
    rows = lake.collect(RunsTable.TABLE, lake.read(RunsTable.TABLE));
    runs = rows.stream().map(RunsTable::decode).toList();
  }

  @Test
  void hasAsManyRunsAsAskedForEachWithAnIdOfItsOwn() {
    assertThat(runs).hasSize(RUNS);
    assertThat(runs).extracting(Run::runId).doesNotHaveDuplicates();
    assertThat(history(1, 1).count()).isEqualTo(1);
  }

  @Test
  void theSameSeedGivesTheSameRunsHoweverTheyArePartitioned() {
    Dataset<Row> again = comparable(history(RUNS, 1).repartition(7));
    Dataset<Row> written = comparable(lake.read(RunsTable.TABLE));
    assertThat(again.exceptAll(written).count()).isZero();
    assertThat(written.exceptAll(again).count()).isZero();

    assertThat(comparable(history(RUNS, 2)).intersect(again).count()).isZero();
  }

  @Test
  void hasExactlyTheColumnsOfTheTable() {
    assertThat(SparkTypes.schema(RunsTable.TABLE).names())
        .containsExactly(history(RUNS, 1).columns());
  }

  @Test
  void everyRunIsWhatTheRestOfDormouseWouldMakeOfIt() {
    assertThat(rows)
        .allSatisfy(
            row -> {
              Run run = RunsTable.decode(row);
              assertThat(row.text("config_id")).isEqualTo(run.arm().configId());
              assertThat(row.textMap("params")).isEqualTo(run.arm().params());
              assertThat(row.text("study")).isEqualTo(run.study().id());
              assertThat(row.optionalFraction("value").stream().boxed().toList())
                  .isEqualTo(Stream.ofNullable(run.metrics().get(run.study().metric())).toList());
            });
  }

  @Test
  void runsHaveTheParametersAskedForAndAFewLackOne() {
    Map<Integer, Long> sizes = counts(run -> run.arm().params().size());
    assertThat(sizes).containsOnlyKeys(PARAMETERS - 1, PARAMETERS);
    assertThat(share(run -> run.arm().params().size() < PARAMETERS)).isBetween(0.005, 0.15);
    assertThat(
            HistoryGenerator.runs(SparkExtension.spark(), 500, 30, 1)
                .where("map_contains_key(params, 'option_30')")
                .count())
        .isGreaterThan(400);
  }

  @Test
  void aboutOneRunInTwentyFails() {
    assertThat(share(run -> run.status() != RunStatus.OK)).isBetween(0.03, 0.08);
    assertThat(counts(Run::status))
        .containsOnlyKeys(RunStatus.OK, RunStatus.COLLAPSED, RunStatus.OOM, RunStatus.NO_RESULT);
  }

  @Test
  void aFewStudiesAreHugeAndMostAreSmall() {
    Map<String, Long> sizes = counts(run -> run.study().id());
    long largest = sizes.values().stream().mapToLong(n -> n).max().orElseThrow();
    assertThat(largest).isGreaterThan(RUNS / 20);
    assertThat(sizes.values())
        .filteredOn(n -> n < largest / 10)
        .hasSizeGreaterThan(sizes.size() / 2);
    assertThat(counts(run -> run.arm().modelVariant())).hasSizeBetween(10, 30);
  }

  @Test
  void somethingWasTriedAsGridsSomethingAtRandomAndSomethingByHand() {
    assertThat(share(run -> run.sweep().isEmpty())).isBetween(0.05, 0.5);
    Map<String, List<Run>> sweeps =
        runs.stream()
            .filter(run -> run.sweep().isPresent())
            .collect(Collectors.groupingBy(run -> run.sweep().orElseThrow()));
    Map<Boolean, Long> grids =
        sweeps.values().stream()
            .filter(sweep -> sweep.size() >= 20)
            .collect(
                Collectors.partitioningBy(HistoryGeneratorTest::isGrid, Collectors.counting()));
    assertThat(grids.get(true)).isGreaterThan(10);
    assertThat(grids.get(false)).isGreaterThan(10);
    assertThat(sweeps.values())
        .allSatisfy(
            sweep ->
                assertThat(values(sweep).values())
                    .filteredOn(v -> v.size() > 1)
                    .hasSizeBetween(0, 8));
  }

  @Test
  void someConfigurationsWereRepeatedWithOtherSeeds() {
    Map<String, Long> seeds =
        runs.stream()
            .filter(run -> run.seed().isPresent())
            .collect(
                Collectors.groupingBy(
                    run -> run.study().id() + run.arm().configId(),
                    Collectors.mapping(
                        Run::seed,
                        Collectors.collectingAndThen(
                            Collectors.toSet(), distinct -> (long) distinct.size()))));
    assertThat(seeds.values()).filteredOn(n -> n > 1).hasSizeGreaterThan(200);
    assertThat(seeds.values()).filteredOn(n -> n == 1).hasSizeGreaterThan(1_000);
  }

  @Test
  void effectsAreTheOnesPlanted() {
    // Longer sequences gain 0.005 from end to end, as a mean over studies that differ in strength.
    Dataset<Row> large = history(60_000, 3).where("status = 'ok' AND metric IN ('auc', 'ndcg@10')");
    double longest = meanAboveModel(large, "max_len", "200");
    double shortest = meanAboveModel(large, "max_len", "20");
    assertThat(longest - shortest).isCloseTo(0.005, within(0.003));
  }

  @Test
  void tooFewParametersAreRefused() {
    assertThatThrownBy(() -> HistoryGenerator.runs(SparkExtension.spark(), 10, 3, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8 parameters");
  }

  private static double meanAboveModel(Dataset<Row> runs, String parameter, String value) {
    return runs.withColumn(
            "above", expr("value - avg(value) OVER (PARTITION BY study, model_variant)"))
        .where(col("params").getItem(parameter).equalTo(value))
        .agg(avg("above"))
        .first()
        .getDouble(0);
  }

  /** At least two parameters vary, over at most six values each. */
  private static boolean isGrid(List<Run> sweep) {
    List<Integer> sizes =
        values(sweep).values().stream().map(Set::size).filter(size -> size > 1).toList();
    return sizes.size() >= 2 && sizes.size() <= 6 && sizes.stream().allMatch(size -> size <= 6);
  }

  private static Map<String, Set<String>> values(List<Run> sweep) {
    return sweep.stream()
        .flatMap(run -> run.arm().params().entrySet().stream())
        .collect(
            Collectors.groupingBy(
                Map.Entry::getKey,
                Collectors.mapping(Map.Entry::getValue, Collectors.toCollection(HashSet::new))));
  }

  private static double share(Predicate<Run> condition) {
    return (double) runs.stream().filter(condition).count() / runs.size();
  }

  private static <K> Map<K, Long> counts(Function<Run, K> key) {
    return runs.stream().collect(Collectors.groupingBy(key, Collectors.counting()));
  }

  private static Dataset<Row> history(long size, long seed) {
    return HistoryGenerator.runs(SparkExtension.spark(), size, PARAMETERS, seed);
  }

  /** Maps have no order and cannot be compared; their entries can. */
  private static Dataset<Row> comparable(Dataset<Row> runs) {
    return runs.select(
        col("run_id"),
        col("config_id"),
        sort_array(map_entries(col("params"))).as("params"),
        col("study"),
        col("status"),
        col("value"),
        col("cost_gpu_hours"),
        col("seed"),
        col("started_at"));
  }
}
