package dev.dormouse.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.github.luben.zstd.ZstdOutputStream;
import dev.dormouse.ingest.ImportRequest.Format;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Run;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsQuarantineTable;
import dev.dormouse.table.RunsTable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class ImporterTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  @TempDir Path root;
  @TempDir Path files;
  private SparkLake lake;

  @BeforeEach
  void createLake() {
    lake = SparkLake.at(SparkExtension.spark(), root);
    lake.create(RunsTable.TABLE);
    lake.create(RunMetricsTable.TABLE);
    lake.create(RunsQuarantineTable.TABLE);
  }

  @Test
  void importsTheWholePublishedHistoryAndTwiceChangesNothing() {
    Path data = Path.of("data");
    ImportRequest request =
        new ImportRequest(
            Format.PARQUET,
            List.of(data.resolve("history"), data.resolve("dev")),
            Optional.empty(),
            "published");

    ImportSummary first = Importer.importRuns(lake, request, NOW);
    assertThat(first.read()).isEqualTo(3432 + 2307);
    assertThat(first.imported()).isEqualTo(first.read());
    assertThat(first.reasons()).isEmpty();
    assertThat(first.curvePoints()).isGreaterThan(15_000);
    assertThat(countsBy("status"))
        .containsOnly(entry("ok", 5404L), entry("collapsed", 136L), entry("no_result", 199L));
    assertThat(countsBy("cost_source"))
        .containsOnly(entry("log", 220L + 124L), entry("estimated", 5739L - 344L));
    assertThat(lake.read(RunsTable.TABLE).select("study").distinct().count()).isGreaterThan(10);

    long runs = lake.version(RunsTable.TABLE);
    long points = lake.version(RunMetricsTable.TABLE);
    ImportSummary second = Importer.importRuns(lake, request, NOW);
    assertThat(second)
        .isEqualTo(
            new ImportSummary(5739, 0, 5739, 0, Collections.emptySortedMap(), 0, first.leftOut()));
    assertThat(lake.version(RunsTable.TABLE)).isEqualTo(runs);
    assertThat(lake.version(RunMetricsTable.TABLE)).isEqualTo(points);
    assertThat(lake.kernel().read(RunsTable.TABLE).rows()).hasSize(5739);
  }

  @Test
  void aRunIsSpeltAsCampaignsSpellTheirs() throws IOException {
    importCsv(
        """
        run_id,dataset,model,auc,params.learning_rate,params.batch_norm,seed,cost_seconds
        r1,ads,DCN,0.71,1.0E-3,True,5,36
        """);

    Row run = lake.read(RunsTable.TABLE).first();
    Arm arm = Arm.of(Map.of("model", "DCN", "learning_rate", "0.001", "batch_norm", "true"));
    assertThat(run.<String>getAs("config_id")).isEqualTo(arm.configId());
    assertThat(run.<String>getAs("study")).isEqualTo("ads/all:auc@validation");
    assertThat(run.<String>getAs("status")).isEqualTo("ok");
    assertThat(run.<Double>getAs("cost_gpu_hours")).isEqualTo(0.01);
  }

  @Test
  void badRowsGoToQuarantineWithTheirReason() throws IOException {
    String csv =
        """
        run_id,dataset,model,auc,params.k,status,cost_seconds,seed
        r1,ads,DCN,0.71,8,,,
        r1,ads,DCN,0.72,8,,,
        ,ads,DCN,0.7,8,,,
        ,ads,DCN,0.7,8,,,
        r2,,DCN,0.7,8,,,
        r3,ads,DCN,,8,ok,,
        r4,ads,DCN,NaN,8,ok,,
        r5,ads,DCN,0.7,8,exploded,,
        r6,ads,,0.7,,,,
        r7,ads,DCN,high,8,,,
        r8,ads,DCN,0.7,8,,-3,
        r9,ads,DCN,0.7,8,,,1.5x
        r10,ads,DCN,0.7,8,,,1,surplus,columns
        """;
    ImportSummary summary = importCsv(csv);

    assertThat(summary.imported()).isEqualTo(1);
    assertThat(summary.reasons())
        .containsOnly(
            entry("it has no run id", 2L),
            entry("it has no data set", 1L),
            entry("another row of the source has the same run id", 1L),
            entry("its status is unknown", 1L),
            entry("it is ok but has no finite value of the study's metric", 2L),
            entry("it has neither a model variant nor parameters", 1L),
            entry("its auc is not a number", 1L),
            entry("its cost is negative or infinite", 1L),
            entry("its seed is not a whole number", 1L),
            entry("it is not a well-formed line of its file", 1L));
    assertThat(lake.read(RunsQuarantineTable.TABLE).count()).isEqualTo(12);
    assertThat(importCsv(csv).reasons()).isEqualTo(summary.reasons());
    assertThat(lake.read(RunsQuarantineTable.TABLE).count()).isEqualTo(12);
  }

  @Test
  void howARunEndedIsToldFromItsMetricWhereTheSourceDoesNotSay() throws IOException {
    ImportSummary summary =
        importCsv(
            """
            run_id,dataset,model,auc,params.k,status
            chance,ads,DCN,0.5,8,
            nothing,ads,DCN,,8,
            nan,ads,DCN,nan,8,
            told,ads,DCN,,8,OOM
            """);

    assertThat(summary.quarantined()).isZero();
    assertThat(statusOf("chance")).isEqualTo("collapsed");
    assertThat(statusOf("nothing")).isEqualTo("no_result");
    assertThat(statusOf("nan")).isEqualTo("diverged");
    assertThat(statusOf("told")).isEqualTo("oom");
    assertThat(lake.kernel().read(RunsTable.TABLE).rows()).hasSize(4);
  }

  @Test
  void jsonLinesMayNestParametersAndMetrics() throws IOException {
    Path jsonl =
        Files.writeString(
            files.resolve("runs.jsonl"),
            """
            {"run_id": "a", "dataset": "ads", "seed": 3, "params": {"model": "FM", "lr": 0.0001, "units": [64, 32], "bn": true}, "metrics": {"auc": 0.7, "logloss": 0.4}}
            {"run_id": "b", "dataset": "ads", "params": {"model": "FM", "lr": 1}, "metrics": {"auc": 0.6}}
            {"run_id": "c", "dataset":
            """);
    ImportSummary summary =
        Importer.importRuns(
            lake, new ImportRequest(Format.JSONL, List.of(jsonl), Optional.empty(), "test"), NOW);

    assertThat(summary.imported()).isEqualTo(2);
    assertThat(summary.reasons())
        .containsOnly(entry("it is not a well-formed line of its file", 1L));
    Run run =
        RunsTable.decode(
            lake.collect(RunsTable.TABLE, lake.read(RunsTable.TABLE).where("run_id = 'a'")).get(0));
    assertThat(run.arm())
        .isEqualTo(Arm.of(Map.of("model", "FM", "lr", "0.0001", "units", "[64,32]", "bn", "true")));
    assertThat(run.metrics()).containsOnly(entry("auc", 0.7), entry("logloss", 0.4));
  }

  @Test
  void sourcesAndMappingsThatDoNotFitAreNamed() throws IOException {
    Path text = Files.writeString(files.resolve("runs.parquet"), "no parquet at all");
    assertThatThrownBy(
            () ->
                Importer.importRuns(
                    lake,
                    new ImportRequest(Format.PARQUET, List.of(text), Optional.empty(), "t"),
                    NOW))
        .isInstanceOf(ImportException.class)
        .hasMessageStartingWith("Cannot read " + text + " as PARQUET: ");
    assertThatThrownBy(
            () ->
                Importer.importRuns(
                    lake,
                    new ImportRequest(
                        Format.CSV, List.of(files.resolve("absent")), Optional.empty(), "t"),
                    NOW))
        .hasMessage("There is no file or directory " + files.resolve("absent"));
    assertThatThrownBy(() -> importMapped("metric: auc", "metrics: {auc: score}", ""))
        .hasMessageContaining("The mapping names columns [score], which ")
        .hasMessageContaining("runs.csv does not have; it has [run_id, dataset");
    assertThatThrownBy(() -> importMapped("metric: ndcg", "metrics: {auc: auc}", ""))
        .hasMessageEndingWith("mapping.yaml: metric 'ndcg' is not among metrics [auc]");
    assertThatThrownBy(
            () -> importMapped("metric: auc", "metrics: {auc: auc}", "cost_source: guessed"))
        .hasMessageContaining("cost_source means [guessed]; known are [measured");
    assertThat(lake.version(RunsTable.TABLE)).isZero();
  }

  private void importMapped(String... lines) throws IOException {
    Path mapping =
        Files.writeString(
            files.resolve("mapping.yaml"),
            "run_id: run_id\ndataset: dataset\nparams: {prefix: p_}\n" + String.join("\n", lines));
    Path csv =
        Files.writeString(files.resolve("runs.csv"), "run_id,dataset,auc,p_k\na,ads,0.7,8\n");
    Importer.importRuns(
        lake, new ImportRequest(Format.CSV, List.of(csv), Optional.of(mapping), "test"), NOW);
  }

  @Test
  void saysWhatIsMissingWhenItCannotGuess() {
    assertThatThrownBy(() -> importCsv("name,score\na,1\n"))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining("No column looks like a metric")
        .hasMessageContaining("--mapping");
  }

  @Test
  void aMappingFileSaysWhichColumnIsWhat() throws IOException {
    Path mapping =
        Files.writeString(
            files.resolve("mapping.yaml"),
            """
            run_id: key
            dataset: corpus
            params: {prefix: p_}
            metric: ndcg
            metrics: {ndcg: score}
            """);
    Path csv =
        Files.writeString(files.resolve("runs.csv"), "key,corpus,score,p_depth\nx,mail,0.4,3\n");
    Importer.importRuns(
        lake, new ImportRequest(Format.CSV, List.of(csv), Optional.of(mapping), "test"), NOW);

    assertThat(lake.read(RunsTable.TABLE).first().<String>getAs("study"))
        .isEqualTo("mail/all:ndcg@validation");

    Files.writeString(mapping, Files.readString(mapping) + "colour: blue\n");
    assertThatThrownBy(
            () ->
                Importer.importRuns(
                    lake,
                    new ImportRequest(Format.CSV, List.of(csv), Optional.of(mapping), "test"),
                    NOW))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining("mapping.yaml: key 'colour' is unknown")
        .hasMessageContaining("known are");
  }

  @Test
  void wordsOfOtherTrackersForTheStatusAreUnderstood() throws IOException {
    ImportSummary summary =
        importCsv(
            """
            run_id,dataset,auc,params.k,status
            a,ads,0.7,8,FINISHED
            b,ads,,8,complete
            c,ads,,8,KILLED
            d,ads,,8,crashed
            e,ads,0.6,8,PRUNED
            f,ads,0.6,8,RUNNING
            """);
    assertThat(summary.reasons()).containsOnly(entry("it has not ended yet", 1L));
    assertThat(List.of("a", "b", "c", "d", "e").stream().map(this::statusOf))
        .containsExactly("ok", "no_result", "infra", "failed", "abandoned");
  }

  @Test
  void aSeedAmongTheParametersIsNotPartOfTheArm() throws IOException {
    importCsv(
        """
        run_id,dataset,val_auc,params.lr,params.seed
        a,ads,0.7,0.1,1
        b,ads,0.7,0.1,2
        """);
    assertThat(countsBy("config_id")).hasSize(1).containsValue(2L);
    assertThat(lake.read(RunsTable.TABLE).where("seed in (1, 2)").count()).isEqualTo(2);
  }

  @Test
  void aRunWithTooManyParametersIsQuarantined() throws IOException {
    Path csv =
        Files.writeString(
            files.resolve("runs.csv"),
            "run_id,dataset,auc,params.a,params.b\nx,ads,0.7,1,2\ny,ads,0.7,1,\n");
    ImportSummary summary = importCsv(csv, new Limits(1 << 20, 1 << 20, 9, 9, 9, 9, 999, 1));
    assertThat(summary.imported()).isEqualTo(1);
    assertThat(summary.reasons()).containsOnly(entry("it has more than 1 parameters", 1L));
  }

  @Test
  void ofASourceBeyondALimitNothingIsWritten() throws IOException {
    Path good =
        Files.writeString(files.resolve("good.csv"), "run_id,dataset,auc,params.k\na,ads,0.7,8\n");
    Path wide =
        Files.writeString(
            files.resolve("wide.csv"), "run_id,dataset,auc,params.k,more\nb,ads,0.7,8,1\n");
    Limits fourColumns = new Limits(1 << 20, 1 << 20, 9, 9, 4, 9, 999, 9);
    assertThatThrownBy(
            () ->
                Importer.importRuns(
                    lake,
                    new ImportRequest(Format.CSV, List.of(good, wide), Optional.empty(), "test"),
                    NOW,
                    step -> {},
                    fourColumns))
        .isInstanceOf(ImportException.class)
        .hasMessage(
            "Will not import "
                + wide
                + ": it has more than 4 columns; keep those that a mapping would name");
    assertThat(lake.read(RunsTable.TABLE).select("run_id").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("a");
  }

  @Test
  void packedFilesAreRead() throws IOException {
    String header = "run_id,dataset,auc,params.k\n";
    Path gz = files.resolve("runs.csv.gz");
    try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(gz))) {
      packed.write((header + "gz,ads,0.7,8\n").getBytes(UTF_8));
    }
    Path zst = files.resolve("runs.csv.zst");
    try (OutputStream packed = new ZstdOutputStream(Files.newOutputStream(zst))) {
      packed.write((header + "zst,ads,0.7,8\n").getBytes(UTF_8));
    }
    Path bz2 = files.resolve("runs.csv.bz2");
    BZip2Codec bzip2 = new BZip2Codec();
    bzip2.setConf(new Configuration(false));
    try (OutputStream packed = bzip2.createOutputStream(Files.newOutputStream(bz2))) {
      packed.write((header + "bz2,ads,0.7,8\n").getBytes(UTF_8));
    }
    for (Path packed : List.of(gz, zst, bz2)) {
      assertThat(importCsv(packed, Limits.DEFAULT).imported()).isEqualTo(1);
    }
    assertThat(countsBy("run_id")).containsOnlyKeys("gz", "zst", "bz2");
  }

  @Test
  void pointsOfCurvesThatAreLeftOutAreCounted() throws IOException {
    Files.writeString(
        files.resolve("curves.csv"),
        """
        run,step,val,train
        a,0,0.5,
        a,1,NaN,0.9
        a,2,inf,high
        a,-1,0.5,
        a,,0.5,
        gone,0,0.5,0.4
        """);
    Path mapping =
        Files.writeString(
            files.resolve("mapping.yaml"),
            """
            run_id: run_id
            dataset: dataset
            params: {prefix: p_}
            metric: auc
            metrics: {auc: auc}
            curves: {file: curves.csv, run_id: run, step: step, metrics: {auc: val, loss: train}}
            """);
    Path csv =
        Files.writeString(files.resolve("runs.csv"), "run_id,dataset,auc,p_k\na,ads,0.7,8\n");
    ImportSummary summary =
        Importer.importRuns(
            lake, new ImportRequest(Format.CSV, List.of(csv), Optional.of(mapping), "test"), NOW);
    assertThat(summary.curvePoints()).isEqualTo(2);
    assertThat(summary.leftOut())
        .containsOnly(
            entry("points of learning curves that are not finite numbers", 3L),
            entry("points of learning curves whose run is not in the lake", 2L),
            entry("points of learning curves without a run or a step from 0", 2L));
  }

  @Test
  void refusedRowsAreKeptWithTheTimeOfTheCaller() throws IOException {
    importCsv("run_id,dataset,auc,params.k\n,ads,0.7,8\n");
    assertThat(
            lake.collect(RunsQuarantineTable.TABLE, lake.read(RunsQuarantineTable.TABLE))
                .get(0)
                .instant("imported_at"))
        .isEqualTo(NOW);
  }

  @Test
  void aPreviewWritesNothingAndItsMappingCanBeGivenBack() throws IOException {
    Path csv =
        Files.writeString(
            files.resolve("runs.csv"),
            "run_id,dataset,val_auc,params.k\na,ads,0.7,8\nb,ads,,8\n,ads,0.7,8\n");
    ImportPreview preview =
        Importer.preview(
                SparkExtension.spark(),
                new ImportRequest(Format.CSV, List.of(csv), Optional.empty(), "test"),
                step -> {})
            .get(0);
    assertThat(preview.guessed()).isTrue();
    assertThat(preview.rows()).isEqualTo(3);
    assertThat(preview.studies()).containsOnly(entry("ads/all:auc@validation", 2L));
    assertThat(preview.statuses()).containsOnly(entry("ok", 1L), entry("no_result", 1L));
    assertThat(preview.reasons()).containsOnly(entry("it has no run id", 1L));
    assertThat(lake.version(RunsTable.TABLE)).isZero();
    assertThat(lake.version(RunsQuarantineTable.TABLE)).isZero();

    Path mapping = Files.writeString(files.resolve("saved.yaml"), preview.mappingFile());
    ImportSummary summary =
        Importer.importRuns(
            lake, new ImportRequest(Format.CSV, List.of(csv), Optional.of(mapping), "test"), NOW);
    assertThat(summary.imported()).isEqualTo(2);
    assertThat(countsBy("study")).containsOnly(entry("ads/all:auc@validation", 2L));
  }

  private Map<String, Long> countsBy(String column) {
    return lake.read(RunsTable.TABLE).groupBy(column).count().collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
  }

  private String statusOf(String runId) {
    return lake.read(RunsTable.TABLE).where("run_id = '" + runId + "'").first().getAs("status");
  }

  private ImportSummary importCsv(String content) throws IOException {
    return importCsv(Files.writeString(files.resolve("runs.csv"), content), Limits.DEFAULT);
  }

  private ImportSummary importCsv(Path csv, Limits limits) {
    return Importer.importRuns(
        lake,
        new ImportRequest(Format.CSV, List.of(csv), Optional.empty(), "test"),
        NOW,
        step -> {},
        limits);
  }
}
