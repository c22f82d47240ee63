package dev.dormouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsQuarantineTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.tracking.MlflowException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class MlflowImporterTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final long HOUR = 3_600_000;

  @TempDir Path root;
  @TempDir Path files;
  private final FakeMlflow mlflow = new FakeMlflow();
  private SparkLake lake;

  @BeforeEach
  void createLake() {
    lake = SparkLake.at(SparkExtension.spark(), root);
    lake.create(RunsTable.TABLE);
    lake.create(RunMetricsTable.TABLE);
    lake.create(RunsQuarantineTable.TABLE);
  }

  @Test
  void laterImportsFetchOnlyWhatHasEndedSince() {
    for (int i = 1; i <= 5; i++) {
      good("ads", "r" + i, i * 10L * HOUR);
    }
    ObjectNode running = mlflow.run("ads", "late", "RUNNING", 0, 0.5);
    ImportSummary first = importRuns(2);
    assertThat(first.imported()).isEqualTo(5);
    assertThat(first.curvePoints()).isEqualTo(15);
    assertThat(mlflow.requests())
        .filteredOn(request -> request.startsWith("runs"))
        .containsExactly("runs id-ads", "runs id-ads", "runs id-ads from 2", "runs id-ads from 4");

    ImportSummary second = importRuns(2);
    assertThat(second.imported()).isZero();
    assertThat(second.alreadyThere()).isEqualTo(1);
    assertThat(mlflow.requests()).containsExactly("experiments", "runs id-ads");

    running.withObject("info").put("status", "FINISHED").put("end_time", 51 * HOUR);
    mlflow.metric(running, "val_auc", 0.6, 0.72);
    good("ads", "r6", 60 * HOUR);
    ImportSummary third = importRuns(2);
    assertThat(third.imported()).isEqualTo(2);
    assertThat(mlflow.requests()).contains("history late/val_auc").noneMatch(r -> r.contains("r5"));
    assertThat(runs().keySet())
        .containsExactlyInAnyOrder("r1", "r2", "r3", "r4", "r5", "r6", "late");
  }

  @Test
  void anImportThatIsCutAnywhereIsTakenUpWithoutDoubling() {
    for (int i = 1; i <= 4; i++) {
      good("ads", "r" + i, i * 10L * HOUR);
    }
    int cuts = 0;
    boolean whole = false;
    while (!whole) {
      mlflow.answer(2 + cuts);
      try {
        importRuns(2);
        whole = true;
      } catch (MlflowException.Unreachable e) {
        cuts++;
        // A run is there only with all that belongs to it.
        runs().keySet().forEach(run -> assertThat(points(run)).isEqualTo(3));
      }
    }
    assertThat(cuts).isGreaterThan(3);
    assertThat(runs()).hasSize(4);
    assertThat(lake.read(RunMetricsTable.TABLE).count()).isEqualTo(12);
    assertThat(lake.read(RunsQuarantineTable.TABLE).count()).isZero();
  }

  @Test
  void aRunIsMappedWithStatusCostSweepSeedAndCurve() {
    ObjectNode run = good("ads", "r1", 7_201_000);
    FakeMlflow.pair(run, "params", "seed", "7");
    FakeMlflow.pair(run, "params", "model", "FM");
    FakeMlflow.pair(run, "tags", "dataset", "clicks");
    FakeMlflow.pair(run, "tags", "mlflow.parentRunId", "parent");
    mlflow.run("ads", "failed", "FAILED", 8_000_000, 0.2);
    mlflow.run("ads", "killed", "KILLED", 9_000_000, 0.3);
    mlflow.metric(mlflow.run("ads", "nan", "FINISHED", 9_000_000, 0.4), "val_auc", Double.NaN);

    ImportSummary summary = importRuns(10);
    assertThat(summary.imported()).isEqualTo(4);
    Run imported = runs().get("r1");
    assertThat(imported.study().id()).isEqualTo("clicks/all:auc@validation");
    assertThat(imported.arm().modelVariant()).isEqualTo("FM");
    assertThat(imported.arm().params()).containsOnly(entry("lr", "0.1"));
    assertThat(imported.seed()).hasValue(7);
    assertThat(imported.sweep()).contains("parent");
    assertThat(imported.costGpuHours()).hasValue(2.0);
    assertThat(imported.costSource()).isEqualTo(CostOrigin.MEASURED);
    assertThat(imported.source()).isEqualTo("mlflow");
    assertThat(imported.provenance()).isEqualTo("http://mlflow/#/experiments/id-ads/runs/r1");
    assertThat(imported.metrics()).containsOnly(entry("auc", 0.7));
    assertThat(imported.finishedAt()).contains(Instant.ofEpochMilli(7_201_000));
    assertThat(runs().get("failed").status()).isEqualTo(RunStatus.FAILED);
    assertThat(runs().get("failed").study().dataset()).isEqualTo("ads");
    assertThat(runs().get("killed").status()).isEqualTo(RunStatus.INFRA);
    assertThat(runs().get("nan").status()).isEqualTo(RunStatus.DIVERGED);
    assertThat(
            lake
                .read(RunMetricsTable.TABLE)
                .where("metric = 'auc'")
                .orderBy("step")
                .collectAsList()
                .stream()
                .map(row -> row.<Double>getAs("value")))
        .containsExactly(0.6, 0.65, 0.7);
  }

  @Test
  void whatDormousePublishedAndBadRunsAreNotRuns() {
    good("ads", "r1", 10 * HOUR);
    FakeMlflow.pair(good("ads", "ours", 11 * HOUR), "tags", "dormouse.key", "trial:x");
    good("dormouse/c", "campaign", 11 * HOUR);
    ObjectNode parent = mlflow.run("ads", "parent", "FINISHED", 12 * HOUR, 0.1);
    parent.withObject("data").putArray("params");
    ObjectNode odd = good("ads", "odd", 13 * HOUR);
    FakeMlflow.pair(odd, "tags", "seed", "lucky");
    mlflow.run("blank", "b", "FINISHED", 13 * HOUR, 0.1);
    ObjectNode curve = good("ads", "r2", 14 * HOUR);
    mlflow.metric(curve, "loss", 1, Double.NaN, 0.5);

    ImportSummary summary = importRuns(10);
    assertThat(summary.reasons())
        .containsOnly(
            entry("it has neither a model variant nor parameters", 1L),
            entry("its seed is not a whole number", 1L));
    assertThat(summary.leftOut())
        .containsOnly(
            entry("runs that Dormouse itself published", 1L),
            entry("runs of experiments without any metric to compare", 1L),
            entry("points of learning curves that are not finite numbers", 1L));
    assertThat(runs().keySet()).containsExactlyInAnyOrder("r1", "r2");
    assertThat(mlflow.requests()).noneMatch(request -> request.contains("dormouse/c"));
    assertThat(
            lake.read(RunsQuarantineTable.TABLE).select("origin").distinct().first().getString(0))
        .isEqualTo("experiment 'ads' on http://mlflow");

    importRuns(10);
    assertThat(lake.read(RunsQuarantineTable.TABLE).count()).isEqualTo(2);
  }

  @Test
  void aMappingFileMayNameWhateverARunHolds() throws IOException {
    ObjectNode run = good("ads", "r1", HOUR);
    FakeMlflow.pair(run, "params", "corpus.name", "mail");
    FakeMlflow.pair(run, "params", "out", "/tmp/x");
    Path mapping =
        Files.writeString(
            files.resolve("mapping.yaml"),
            """
            run_id: run_id
            dataset: params.corpus.name
            params: {column: params, except: [corpus.name, out]}
            metric: hits
            metrics: {hits: metrics.val_auc}
            provenance: [url]
            """);
    ImportSummary summary = importRuns(10, Optional.of(mapping));
    assertThat(summary.imported()).isEqualTo(1);
    Run imported = runs().get("r1");
    assertThat(imported.study().id()).isEqualTo("mail/all:hits@validation");
    assertThat(imported.arm().params()).containsOnlyKeys("lr");

    Files.writeString(mapping, Files.readString(mapping) + "seed: sead\n");
    assertThatThrownBy(() -> importRuns(10, Optional.of(mapping)))
        .isInstanceOf(ImportException.class)
        .hasMessageStartingWith("The mapping names columns [sead], which a run of MLflow does not");
  }

  @Test
  void metricsThatOnlyLaterRunsHaveAreKeptToo() {
    good("ads", "r1", 10 * HOUR);
    ObjectNode later = good("ads", "r2", 20 * HOUR);
    mlflow.metric(later, "auc", 0.8);
    mlflow.metric(later, "loss", 0.4);
    assertThat(importRuns(1).imported()).isEqualTo(2);
    assertThat(runs().get("r1").metrics()).containsOnly(entry("auc", 0.7));
    assertThat(runs().get("r2").study()).isEqualTo(runs().get("r1").study());
    assertThat(runs().get("r2").metrics())
        .containsOnly(entry("auc", 0.7), entry("metrics.auc", 0.8), entry("loss", 0.4));
  }

  @Test
  void aFullImportFindsRunsThatEndedLongAgo() {
    good("ads", "r1", 100 * HOUR);
    importRuns(10);
    good("ads", "backdated", 10 * HOUR);
    assertThat(importRuns(10).imported()).isZero();
    MlflowImportRequest request = request(10, List.of(), Optional.empty());
    MlflowImportRequest full =
        new MlflowImportRequest(request.server(), List.of(), Optional.empty(), "mlflow", 10, true);
    ImportSummary summary = importRuns(full);
    assertThat(summary.imported()).isEqualTo(1);
    assertThat(summary.alreadyThere()).isEqualTo(1);
  }

  @Test
  void experimentsAreChosenByNameAndAbsentOnesAreNamed() {
    good("ads", "r1", HOUR);
    good("mail", "r2", HOUR);
    assertThat(importRuns(request(10, List.of("mail"), Optional.empty())).imported()).isEqualTo(1);
    assertThat(runs()).containsOnlyKeys("r2");
    assertThatThrownBy(() -> importRuns(request(10, List.of("mial"), Optional.empty())))
        .isInstanceOf(ImportException.class)
        .hasMessage("MLflow at http://mlflow has no experiments [mial]; it has [ads, mail]");
  }

  @Test
  void whatIsNoAddressOfAServerIsNamed() {
    assertThat(MlflowImportRequest.server("http://host:5000/mlflow/"))
        .isEqualTo(URI.create("http://host:5000/mlflow"));
    for (String text :
        List.of("host:5000", "http://", "http://a b", "http://a:b", "ftp://a", "http://me:pw@a")) {
      assertThatThrownBy(() -> MlflowImportRequest.server(text))
          .isInstanceOf(ImportException.class)
          .hasMessageContaining("is not the URL of an MLflow server");
    }
  }

  @Test
  void aPreviewShowsTheMappingOfEachExperimentAndWritesNothing() {
    good("ads", "r1", HOUR);
    mlflow.run("ads", "failed", "FAILED", HOUR, 0.2);
    List<ImportPreview> previews =
        MlflowImporter.preview(
            SparkExtension.spark(), mlflow, request(10, List.of(), Optional.empty()), step -> {});
    assertThat(previews).hasSize(1);
    assertThat(previews.get(0).studies()).containsOnly(entry("ads/all:auc@validation", 2L));
    assertThat(previews.get(0).statuses()).containsOnly(entry("ok", 1L), entry("failed", 1L));
    assertThat(previews.get(0).mappingFile()).contains("dataset: \"dataset\"", "metrics.val_auc");
    assertThat(lake.version(RunsTable.TABLE)).isZero();
  }

  /** A finished run with a curve of three points. */
  private ObjectNode good(String experiment, String id, long end) {
    ObjectNode run = mlflow.run(experiment, id, "FINISHED", end, 0.1);
    mlflow.metric(run, "val_auc", 0.6, 0.65, 0.7);
    return run;
  }

  private ImportSummary importRuns(int pageSize) {
    return importRuns(pageSize, Optional.empty());
  }

  private ImportSummary importRuns(int pageSize, Optional<Path> mapping) {
    return importRuns(request(pageSize, List.of(), mapping));
  }

  private ImportSummary importRuns(MlflowImportRequest request) {
    return MlflowImporter.importRuns(lake, mlflow, request, NOW, step -> {});
  }

  private static MlflowImportRequest request(
      int pageSize, List<String> experiments, Optional<Path> mapping) {
    return new MlflowImportRequest(
        URI.create("http://mlflow"), experiments, mapping, "mlflow", pageSize, false);
  }

  private Map<String, Run> runs() {
    return lake.collect(RunsTable.TABLE, lake.read(RunsTable.TABLE)).stream()
        .map(RunsTable::decode)
        .collect(Collectors.toMap(Run::runId, run -> run));
  }

  private long points(String runId) {
    return lake.read(RunMetricsTable.TABLE).where("run_id = '" + runId + "'").count();
  }
}
