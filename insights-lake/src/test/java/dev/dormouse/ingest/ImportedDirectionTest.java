package dev.dormouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.ingest.DirectionOption.Conflict;
import dev.dormouse.ingest.ImportRequest.Format;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.io.StudyDirections;
import dev.dormouse.model.Metric.Basis;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.model.StatedDirection;
import dev.dormouse.table.RunsTable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class ImportedDirectionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String STUDY = "ads/all:score@validation";

  @TempDir Path root;
  @TempDir Path files;
  private final FakeMlflow mlflow = new FakeMlflow();
  private SparkLake lake;

  @BeforeEach
  void createLake() {
    lake = SparkExtension.emptyLake(root);
  }

  @Test
  void theMappingStatesTheDirectionOfAStudy() throws IOException {
    importCsv(mapping("score", "direction: minimize"), DirectionOption.NONE);

    assertThat(lake.read(RunsTable.TABLE).count()).isEqualTo(1);
    StatedDirection stated = StudyDirections.read(lake).byStudy().get(STUDY);
    assertThat(stated.direction()).isEqualTo(Direction.MINIMIZE);
    assertThat(stated.basis()).isEqualTo(Basis.MAPPING);
    assertThat(stated.origin()).endsWith("mapping.yaml");
    // More of the same needs no statement any more.
    importCsv(mapping("score"), DirectionOption.NONE);
  }

  @Test
  void aNameThatTellsNothingIsAskedFor() throws IOException {
    Path mapping = mapping("score");

    assertThatThrownBy(() -> importCsv(mapping, DirectionOption.NONE))
        .isInstanceOf(ImportException.class)
        .hasMessage(
            "Nothing tells whether higher or lower values of metric 'score' are better; state it by"
                + " 'direction: maximize' or 'direction: minimize' in the mapping file, or by"
                + " --direction maximize|minimize");
    assertThat(lake.read(RunsTable.TABLE).count()).isZero();

    importCsv(mapping, option(Direction.MAXIMIZE, Conflict.REFUSE));
    assertThat(StudyDirections.read(lake).byStudy().get(STUDY).basis()).isEqualTo(Basis.OPTION);
  }

  @Test
  void aKnownNameNeedsAndKeepsNoStatement() throws IOException {
    importCsv(mapping("ne"), DirectionOption.NONE);

    assertThat(lake.read(RunsTable.TABLE).count()).isEqualTo(1);
    assertThat(StudyDirections.read(lake).byStudy()).isEmpty();
  }

  @Test
  void importsThatContradictEachOtherAreRefusedUnlessTheEarlierOneIsCorrected() throws IOException {
    importCsv(mapping("score", "direction: minimize"), DirectionOption.NONE);

    assertThatThrownBy(
            () -> importCsv(mapping("score"), option(Direction.MAXIMIZE, Conflict.REFUSE)))
        .isInstanceOf(ImportException.class)
        .hasMessageStartingWith("Study " + STUDY + ": --direction says maximize, but mapping ")
        .hasMessageContaining("says minimize in an earlier import");
    assertThatThrownBy(
            () -> importCsv(mapping("score", "direction: maximize"), DirectionOption.NONE))
        .hasMessageContaining("says minimize in an earlier import");
    assertThatThrownBy(
            () ->
                importCsv(
                    mapping("score", "direction: minimize"),
                    option(Direction.MAXIMIZE, Conflict.CORRECT)))
        .hasMessageContaining("says direction minimize, --direction says maximize");
    assertThat(StudyDirections.read(lake).byStudy().get(STUDY).direction())
        .isEqualTo(Direction.MINIMIZE);

    importCsv(mapping("score"), option(Direction.MAXIMIZE, Conflict.CORRECT));
    assertThat(StudyDirections.read(lake).byStudy().get(STUDY).direction())
        .isEqualTo(Direction.MAXIMIZE);
  }

  @Test
  void aWrongWordIsNamed() throws IOException {
    Path mapping = mapping("score", "direction: down");

    assertThatThrownBy(() -> importCsv(mapping, DirectionOption.NONE))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining("direction is 'down'; it must be maximize or minimize");
  }

  @Test
  void aPreviewSaysHowTheDirectionIsKnown() throws IOException {
    assertThat(preview(mapping("score")).metric().basis()).isEqualTo(Basis.ASSUMED);
    assertThat(preview(mapping("click_auc")).metric().basis()).isEqualTo(Basis.NAME);
    assertThat(preview(mapping("auc")).metric().basis()).isEqualTo(Basis.CATALOGUE);
    ImportPreview stated = preview(mapping("score", "direction: minimize"));
    assertThat(stated.metric().direction()).isEqualTo(Direction.MINIMIZE);
    assertThat(stated.mappingFile()).contains("direction: \"minimize\"");
  }

  @Test
  void tagsOfMlflowStateTheDirection() {
    ObjectNode run = run("ads", "a");
    FakeMlflow.pair(run, "tags", "direction.yield", "MINIMIZE");
    FakeMlflow.pair(run("mail", "b"), "tags", "direction", "MAXIMIZE");

    assertThat(importMlflow(List.of()).imported()).isEqualTo(2);
    assertThat(StudyDirections.read(lake).byStudy().values())
        .extracting(StatedDirection::study, StatedDirection::direction, StatedDirection::basis)
        .containsExactly(
            tuple("ads/all:yield@validation", Direction.MINIMIZE, Basis.TAG),
            tuple("mail/all:yield@validation", Direction.MAXIMIZE, Basis.TAG));

    FakeMlflow.pair(run("mail", "c"), "tags", "direction", "MINIMIZE");
    assertThatThrownBy(() -> importMlflow(List.of("mail")))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining("Study mail/all:yield@validation: tag direction says minimize");
  }

  @Test
  void anExperimentWithoutADirectionIsLeftOutOfAllAndRefusedByName() {
    run("ads", "a");
    mlflow.metric(run("mail", "b"), "auc", 0.7);

    ImportSummary summary = importMlflow(List.of());
    assertThat(summary.imported()).isEqualTo(1);
    assertThat(summary.leftOut().keySet())
        .singleElement()
        .asString()
        .startsWith("runs of experiment 'ads', as nothing tells whether higher or lower");
    assertThatThrownBy(() -> importMlflow(List.of("ads")))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining("metric 'yield'");
  }

  private ObjectNode run(String experiment, String id) {
    ObjectNode run = mlflow.run(experiment, id, "FINISHED", 10_000_000, 0.1);
    mlflow.metric(run, "yield", 3);
    return run;
  }

  private ImportSummary importMlflow(List<String> experiments) {
    return MlflowImporter.importRuns(
        lake,
        mlflow,
        new MlflowImportRequest(
            URI.create("http://mlflow"), experiments, Optional.empty(), "mlflow", 10, false),
        NOW,
        step -> {});
  }

  private static DirectionOption option(Direction direction, Conflict conflict) {
    return new DirectionOption(Optional.of(direction), conflict);
  }

  private Path mapping(String metric, String... more) throws IOException {
    return Files.writeString(
        files.resolve("mapping.yaml"),
        "run_id: run_id\ndataset: dataset\nparams: {prefix: p_}\nmetric: %s\nmetrics: {%s: result}\n"
                .formatted(metric, metric)
            + String.join("\n", more));
  }

  private ImportRequest request(Path mapping, DirectionOption direction) throws IOException {
    Path csv =
        Files.writeString(files.resolve("runs.csv"), "run_id,dataset,result,p_k\na,ads,0.7,8\n");
    return new ImportRequest(Format.CSV, List.of(csv), Optional.of(mapping), "test", direction);
  }

  private void importCsv(Path mapping, DirectionOption direction) throws IOException {
    Importer.importRuns(lake, request(mapping, direction), NOW);
  }

  private ImportPreview preview(Path mapping) throws IOException {
    return Importer.preview(
            SparkExtension.spark(), request(mapping, DirectionOption.NONE), step -> {})
        .get(0);
  }
}
