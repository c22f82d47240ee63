package dev.dormouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.model.Arm;
import dev.dormouse.table.RunsQuarantineTable;
import dev.dormouse.table.RunsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class ImporterTest {
  @TempDir Path root;
  @TempDir Path files;
  private SparkLake lake;

  @BeforeEach
  void createLake() {
    lake = SparkLake.at(SparkExtension.spark(), root);
    lake.createAll();
  }

  @Test
  void importsTheWholePublishedHistoryAndTwiceChangesNothing() {
    Path data = Path.of("data");
    ImportRequest request =
        new ImportRequest(
            ImportRequest.Format.PARQUET,
            List.of(data.resolve("history"), data.resolve("dev")),
            Optional.empty(),
            "published");

    ImportSummary first = Importer.importRuns(lake, request);
    assertThat(first.read()).isEqualTo(3432 + 2307);
    assertThat(first.imported() + first.quarantined()).isEqualTo(first.read());
    assertThat(first.imported()).isGreaterThan(5600);
    assertThat(first.curvePoints()).isGreaterThan(10_000);

    long version = lake.version(RunsTable.TABLE);
    ImportSummary second = Importer.importRuns(lake, request);
    assertThat(second.imported()).isZero();
    assertThat(second.alreadyThere()).isEqualTo(first.imported());
    assertThat(second.curvePoints()).isZero();
    assertThat(lake.kernel().read(RunsTable.TABLE).rows()).hasSize((int) first.imported());
    assertThat(lake.version(RunsTable.TABLE)).isLessThanOrEqualTo(version + 2);
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
    ImportSummary summary =
        importCsv(
            """
            run_id,dataset,model,auc,params.k,status
            r1,ads,DCN,0.71,8,
            r1,ads,DCN,0.72,8,
            ,ads,DCN,0.7,8,
            r2,,DCN,0.7,8,
            r3,ads,DCN,,8,ok
            r4,ads,DCN,0.5,8,
            r5,ads,DCN,,8,
            r6,ads,DCN,0.7,8,exploded
            """);

    assertThat(summary.imported()).isEqualTo(3);
    assertThat(summary.reasons())
        .containsOnly(
            Map.entry("it has no run id", 1L),
            Map.entry("it has no data set", 1L),
            Map.entry("another row of the source has the same run id", 1L),
            Map.entry("its status is unknown", 1L),
            Map.entry("it is ok but has no value of the study's metric", 1L));
    assertThat(lake.read(RunsQuarantineTable.TABLE).count()).isEqualTo(5);
    assertThat(statusOf("r4")).isEqualTo("collapsed");
    assertThat(statusOf("r5")).isEqualTo("no_result");
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
        lake,
        new ImportRequest(ImportRequest.Format.CSV, List.of(csv), Optional.of(mapping), "test"));

    assertThat(lake.read(RunsTable.TABLE).first().<String>getAs("study"))
        .isEqualTo("mail/all:ndcg@validation");

    Files.writeString(mapping, Files.readString(mapping) + "colour: blue\n");
    assertThatThrownBy(
            () ->
                Importer.importRuns(
                    lake,
                    new ImportRequest(
                        ImportRequest.Format.CSV, List.of(csv), Optional.of(mapping), "test")))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining("mapping.yaml: key 'colour' is unknown")
        .hasMessageContaining("known are");
  }

  private String statusOf(String runId) {
    return lake.read(RunsTable.TABLE).where("run_id = '" + runId + "'").first().getAs("status");
  }

  private ImportSummary importCsv(String content) throws IOException {
    Path csv = Files.writeString(files.resolve("runs.csv"), content);
    return Importer.importRuns(
        lake, new ImportRequest(ImportRequest.Format.CSV, List.of(csv), Optional.empty(), "test"));
  }
}
