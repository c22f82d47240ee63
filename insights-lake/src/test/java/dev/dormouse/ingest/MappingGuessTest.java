package dev.dormouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingGuessTest {
  @TempDir Path files;

  @Test
  void validationMetricsLoseTheirPrefixAndTheBestKnownOneIsCompared() {
    RunMapping mapping =
        guess(
            "run_id", "dataset", "params.lr", "train_auc", "val_logloss", "valid_auc", "test_auc");
    assertThat(mapping.metrics())
        .isEqualTo(
            Map.of(
                "auc", "valid_auc",
                "logloss", "val_logloss",
                "train_auc", "train_auc",
                "test_auc", "test_auc"));
    assertThat(mapping.metric()).isEqualTo("auc");
    assertThat(mapping.split()).isEmpty();
  }

  @Test
  void aMetricThatTwoColumnsClaimKeepsBothNames() {
    RunMapping mapping = guess("run_id", "dataset", "params.lr", "auc", "val_auc");
    assertThat(mapping.metrics().keySet()).containsExactlyInAnyOrder("auc", "val_auc");
    assertThat(mapping.metric()).isEqualTo("auc");
  }

  @Test
  void theTestSplitIsComparedOnlyWhereThereIsNothingElse() {
    RunMapping mapping = guess("run_id", "dataset", "params.lr", "test_rmse", "train_rmse");
    assertThat(mapping.metric()).isEqualTo("test_rmse");
    assertThat(mapping.split()).contains("test");
    assertThat(guess("run_id", "dataset", "p", "params", "rmse", "test_auc").metric())
        .isEqualTo("rmse");
  }

  @Test
  void parametersAreFoundByPrefixOrColumnAndTheSeedIsNoneOfThem() {
    RunMapping byPrefix =
        guess("Run_ID", "params.lr", "params.seed", "params.dataset", "metrics.ndcg@10");
    assertThat(byPrefix.runId()).isEqualTo("Run_ID");
    assertThat(byPrefix.dataset()).isEqualTo("params.dataset");
    assertThat(byPrefix.seed()).contains("params.seed");
    assertThat(byPrefix.params())
        .isEqualTo(
            new RunMapping.Params(
                Optional.empty(), Optional.of("params."), List.of("seed", "dataset")));
    assertThat(byPrefix.metric()).isEqualTo("ndcg@10");
    for (String prefix : List.of("param_", "hparams.", "config.", "hyperparameters.")) {
      assertThat(guess("id", "dataset", "auc", prefix + "lr").params().prefix()).contains(prefix);
    }
    for (String column : List.of("params", "hparams", "config", "hyperparameters")) {
      assertThat(guess("id", "dataset", "auc", column).params().column()).contains(column);
    }
  }

  @Test
  void whatIsMissingIsNamedInOneSentence() {
    assertThatThrownBy(() -> guess("run_id", "params.lr", "auc"))
        .isInstanceOf(ImportException.class)
        .hasMessage(
            "No column looks like a data set (dataset, dataset_version, data) among [run_id, params.lr, auc]; name the columns in a --mapping file");
    assertThatThrownBy(() -> guess("run_id", "dataset", "auc"))
        .hasMessageStartingWith("No column looks like parameters (");
    assertThatThrownBy(() -> guess("dataset", "params", "auc"))
        .hasMessageStartingWith("No column looks like a run id (");
    assertThatThrownBy(() -> guess("run_id", "dataset", "params"))
        .hasMessageStartingWith("No column looks like a metric (");
  }

  @Test
  void everyMappingCanBeSavedAndReadBack() throws IOException {
    RunMapping mlflow = MlflowRow.mapping(java.util.Set.of("val_auc", "loss")).orElseThrow();
    for (RunMapping mapping :
        List.of(
            RunMapping.published(),
            mlflow,
            guess("run_id", "params.lr", "params.seed", "params.dataset", "auc"))) {
      Path file =
          Files.writeString(files.resolve("mapping.yaml"), RunMapping.text(mapping.toTree()));
      assertThat(RunMapping.read(file)).isEqualTo(mapping);
    }
  }

  @Test
  void aFileWithTwoMappingsIsRefused() throws IOException {
    String text = RunMapping.text(RunMapping.published().toTree());
    Path file = Files.writeString(files.resolve("two.yaml"), text + "---\n" + text);
    assertThatThrownBy(() -> RunMapping.read(file))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining("two.yaml");
  }

  private static RunMapping guess(String... names) {
    return MappingGuess.of(List.of(names));
  }
}
