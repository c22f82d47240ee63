package dev.dormouse.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.ingest.ImportRequest;
import dev.dormouse.ingest.Importer;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Step;
import dev.dormouse.table.RunsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class MinerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final double PLANTED = 0.004;
  private static final Set<Kind> TESTED =
      Set.of(Kind.EFFECT, Kind.CONDITION, Kind.INTERACTION, Kind.DRIFT);

  @TempDir static Path shared;
  private static SparkLake published;

  @TempDir Path root;
  @TempDir Path files;
  private SparkLake lake;

  @BeforeEach
  void createLake() {
    lake = SparkExtension.emptyLake(root);
  }

  @Test
  void learnsFromThePublishedHistoryWhatAnalysisByHandFinds() {
    SparkLake history = published();

    MiningSummary summary = Miner.mine(history, NOW);

    // By hand (a groupby over pairs that differ in max_len only): every doubling of the sequence
    // gains.
    Insight longer = one(summary, Kind.EFFECT, "max_len", "50", "100");
    assertThat(longer.effect().orElseThrow().mean()).isBetween(0.003, 0.008);
    assertThat(longer.effect().orElseThrow().sharePositive()).isGreaterThan(0.8);
    assertThat(longer.evidence()).isNotEmpty();
    // The published seed noise of avazu_x1 is about 0.0011, of frappe_x1 0.0005.
    assertThat(noise(summary, "avazu_x1")).isBetween(0.0008, 0.0014);
    assertThat(noise(summary, "frappe_x1")).isBetween(0.0002, 0.0008);
    assertThat(statements(summary, Kind.TRAP))
        .anyMatch(s -> s.contains("ebnerd_small_x1") && s.contains("leak"))
        .anyMatch(s -> s.contains("amazonelectronics_x1") && s.contains("proves nothing"))
        .anyMatch(s -> s.contains("microvideo1.7m_x2") && s.contains("in another sweep"))
        .anyMatch(s -> s.contains("curves were kept for winners"));
    assertThat(statements(summary, Kind.SATURATION))
        .anyMatch(s -> s.startsWith("max_len: more helps up to 500 and no further"));
    assertThat(statements(summary, Kind.FAILURE))
        .anyMatch(
            s -> s.startsWith("concat_max_pool = true and first_k_cols = 2 (TransAct): 51 of 70"))
        .anyMatch(s -> s.startsWith("use_residual = false (SAM): 24 of 24 runs collapsed"));
    assertThat(statements(summary, Kind.CONDITION))
        .anyMatch(s -> s.startsWith("batch_norm false -> true") && s.contains("FiBiNET"));
    // Less regularization with more data: the sign is found, but six sizes do not establish it.
    Insight scaling = about(summary, Kind.SCALING, "embedding_regularizer");
    assertThat(scaling.effect().orElseThrow().mean()).isNegative();
    assertThat(about(summary, Kind.COST, "max_len").effect().orElseThrow().mean())
        .isGreaterThan(1.5);
    // What Pooling takes for granted: effects grow with the length of the step.
    assertThat(medianSize(summary, 3, 4)).isGreaterThan(2 * medianSize(summary, 1, 1.01));
    assertThat(InsightReader.newest(history.kernel())).isEqualTo(summary.insights());
  }

  @Test
  void resultsPermutedWithinStudiesLeaveNearlyNothing() {
    SparkLake permuted = SparkExtension.emptyLake(root.resolve("permuted"));
    permuted.append(RunsTable.TABLE, permutedWithinStudies(published().read(RunsTable.TABLE)));

    assertThat(Miner.mine(permuted, NOW).insights())
        .filteredOn(i -> TESTED.contains(i.kind()))
        .filteredOn(i -> i.effect().orElseThrow().qValue().orElseThrow() < 0.1)
        .hasSizeLessThanOrEqualTo(1);
  }

  /** Every run with the value of another that came to an end in the same study. */
  private static Dataset<Row> permutedWithinStudies(Dataset<Row> runs) {
    WindowSpec inOrder = Window.partitionBy("study").orderBy("run_id");
    WindowSpec shuffled = Window.partitionBy("study").orderBy(hash(col("run_id"), lit("shuffled")));
    Dataset<Row> ended = runs.where("status = 'ok' AND value IS NOT NULL");
    Dataset<Row> values =
        ended.select(
            col("study"), row_number().over(shuffled).as("place"), col("value").as("other"));
    return ended
        .withColumn("place", row_number().over(inOrder))
        .join(values, new String[] {"study", "place"})
        .withColumn("value", col("other"))
        .drop("place", "other");
  }

  @Test
  void miningAgainLooksAtChangedStudiesOnlyAndSaysWhatMiningFromScratchSays() throws IOException {
    List<String> all = plantedRuns(false);
    List<String> atFirst = all.stream().filter(row -> !row.startsWith("d-7,")).toList();
    importRuns(atFirst);
    assertThat(Miner.mine(lake, NOW).studiesRead()).isEqualTo(4);
    assertThat(Miner.mine(lake, NOW.plusSeconds(60)).studiesRead()).isZero();

    importRuns(all);
    MiningSummary again = Miner.mine(lake, NOW.plusSeconds(120));
    SparkLake fresh = SparkExtension.emptyLake(root.resolve("fresh"));
    fresh.append(RunsTable.TABLE, lake.read(RunsTable.TABLE));

    assertThat(again.studiesRead()).isEqualTo(1);
    assertThat(again.insights()).isEqualTo(Miner.mine(fresh, NOW).insights());
  }

  @Test
  void recoversAPlantedEffectAndItsSize() throws IOException {
    importRuns(plantedRuns(false));

    Insight effect = one(Miner.mine(lake, NOW), Kind.EFFECT, "dropout", "0", "0.2");
    assertThat(effect.effect().orElseThrow().mean())
        .isCloseTo(PLANTED, org.assertj.core.data.Offset.offset(0.001));
    assertThat(effect.effect().orElseThrow().low()).isPositive();
    assertThat(effect.effect().orElseThrow().qValue().orElseThrow()).isLessThan(0.01);
  }

  @Test
  void findsNothingWhereResultsAreShuffled() throws IOException {
    importRuns(plantedRuns(true));

    assertThat(Miner.mine(lake, NOW).insights())
        .filteredOn(i -> i.kind() == Kind.EFFECT)
        .isNotEmpty()
        .noneMatch(i -> i.effect().orElseThrow().qValue().orElseThrow() < 0.1);
  }

  @Test
  void miningTwiceStatesTheSameInsightsUnderTheSameIds() throws IOException {
    importRuns(plantedRuns(false));

    List<Insight> first = Miner.mine(lake, NOW).insights();
    List<Insight> second = Miner.mine(lake, NOW.plusSeconds(60)).insights();
    assertThat(second.stream().map(Insight::insightId))
        .containsExactlyElementsOf(first.stream().map(Insight::insightId).toList());
  }

  @Test
  void anEmptyLakeAndASingleRunTeachNothing() throws IOException {
    assertThat(Miner.mine(lake, NOW).insights()).isEmpty();
    importRuns(List.of("r1,ads,DCN,0.7,1,0,8"));

    MiningSummary summary = Miner.mine(lake, NOW.plusSeconds(60));
    assertThat(summary.runs()).isEqualTo(1);
    assertThat(summary.insights()).noneMatch(i -> i.kind() == Kind.EFFECT);
  }

  @Test
  void tenRunsTeachWithoutBeingTrustedTooFar() throws IOException {
    importRuns(plantedRuns(false).subList(0, 10));

    assertThat(Miner.mine(lake, NOW).insights())
        .filteredOn(i -> i.kind() == Kind.EFFECT)
        .noneMatch(i -> i.effect().orElseThrow().qValue().orElseThrow() < 0.01);
  }

  private static Insight about(MiningSummary summary, Kind kind, String parameter) {
    return summary.insights().stream()
        .filter(i -> i.kind() == kind && i.parameters().equals(List.of(parameter)))
        .findFirst()
        .orElseThrow();
  }

  /** Of the measured effects of steps of so many doublings. */
  private static double medianSize(MiningSummary summary, double fewest, double most) {
    double[] sizes =
        summary.insights().stream()
            .filter(i -> i.kind() == Kind.EFFECT && !i.step().from().isEmpty())
            .filter(
                i -> {
                  double from = ParamValue.number(i.step().from()).orElse(0);
                  double doublings =
                      Math.log(ParamValue.number(i.step().to()).orElse(0) / from) / Math.log(2);
                  return from > 0 && fewest <= doublings && doublings <= most;
                })
            .mapToDouble(i -> Math.abs(i.effect().orElseThrow().plain()))
            .toArray();
    assertThat(sizes).hasSizeGreaterThan(20);
    return Median.withDefaults().evaluate(sizes);
  }

  /** The published history, imported once for all tests. */
  private static SparkLake published() {
    if (published == null) {
      published = SparkExtension.emptyLake(shared);
      importPublished();
    }
    return published;
  }

  private static void importPublished() {
    Path data = Path.of("../../insights-lake/data");
    Importer.importRuns(
        published,
        new ImportRequest(
            ImportRequest.Format.PARQUET,
            List.of(data.resolve("history"), data.resolve("dev")),
            Optional.empty(),
            "published"),
        NOW);
  }

  /** Dropout 0.2 gains in every study and model; the other parameter does nothing. */
  private static List<String> plantedRuns(boolean shuffled) {
    Random random = new Random(5);
    List<String> rows = new ArrayList<>();
    for (String study : List.of("a", "b", "c", "d")) {
      List<Double> values = new ArrayList<>();
      List<String> keys = new ArrayList<>();
      for (String model : List.of("DCN", "DNN", "FM")) {
        for (int width : List.of(8, 16, 32)) {
          for (double dropout : List.of(0.0, 0.2)) {
            for (int seed = 1; seed <= 2; seed++) {
              values.add(0.7 + (dropout > 0 ? PLANTED : 0) + 0.0008 * random.nextGaussian());
              keys.add(model + "|" + seed + "," + dropout + "," + width);
            }
          }
        }
      }
      if (shuffled) {
        Collections.shuffle(values, random);
      }
      for (int i = 0; i < keys.size(); i++) {
        String[] key = keys.get(i).split("\\|", -1);
        rows.add(
            String.format(
                Locale.ROOT,
                "%s-%d,%s,%s,%.6f,%s",
                study,
                i,
                study,
                key[0],
                values.get(i),
                key[1]));
      }
    }
    return rows;
  }

  private void importRuns(List<String> rows) throws IOException {
    Path csv = files.resolve("runs.csv");
    Files.writeString(
        csv,
        "run_id,dataset,model,auc,seed,params.dropout,params.width\n"
            + String.join("\n", rows)
            + "\n");
    Importer.importRuns(
        lake,
        new ImportRequest(ImportRequest.Format.CSV, List.of(csv), Optional.empty(), "test"),
        NOW);
  }

  private static Insight one(
      MiningSummary summary, Kind kind, String parameter, String from, String to) {
    return summary.insights().stream()
        .filter(
            i ->
                i.kind() == kind
                    && i.parameters().contains(parameter)
                    && i.step().equals(new Step.FromTo(from, to)))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "No insight on " + parameter + " among " + statements(summary, kind)));
  }

  private static double noise(MiningSummary summary, String dataset) {
    return summary.insights().stream()
        .filter(i -> i.kind() == Kind.NOISE && i.statement().contains(" " + dataset + "/"))
        .findFirst()
        .orElseThrow()
        .effect()
        .orElseThrow()
        .mean();
  }

  private static List<String> statements(MiningSummary summary, Kind kind) {
    return summary.insights().stream()
        .filter(i -> i.kind() == kind)
        .map(Insight::statement)
        .toList();
  }
}
