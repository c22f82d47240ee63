package dev.dormouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.table.Json;
import dev.dormouse.tracking.MlflowRun;
import dev.dormouse.tracking.MlflowSource;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MlflowRowTest {
  private static final URI SERVER = URI.create("http://mlflow:5000");
  private static final MlflowSource.Experiment ADS = new MlflowSource.Experiment("7", "ads");

  @Test
  void flattensWhatMlflowTells() throws JsonProcessingException {
    JsonNode row =
        row(
            """
            {"info": {"run_id": "r1", "run_name": "brave", "status": "FINISHED",
                      "start_time": 1700000000000, "end_time": 1700000090500},
             "data": {"params": [{"key": "lr", "value": "0.1"}, {"key": "seed", "value": "3"}],
                      "tags": [{"key": "model_name", "value": "FM"},
                               {"key": "mlflow.parentRunId", "value": "p"}],
                      "metrics": [{"key": "val_auc", "value": 0.7, "step": 4},
                                  {"key": "loss", "value": "NaN"},
                                  {"key": "big", "value": 1.7976931348623157e308}]},
             "inputs": {"dataset_inputs": [
               {"tags": [{"key": "mlflow.data.context", "value": "eval"}],
                "dataset": {"name": "held-out", "digest": "e"}},
               {"tags": [{"key": "mlflow.data.context", "value": "training"}],
                "dataset": {"name": "clicks", "digest": "t", "profile": "{\\"num_rows\\": 10}"}}]}}
            """);
    assertThat(row.path("run_id").asText()).isEqualTo("r1");
    assertThat(row.path("dataset").asText()).isEqualTo("clicks");
    assertThat(row.path("train_samples").asLong()).isEqualTo(10);
    assertThat(row.path("model").asText()).isEqualTo("FM");
    assertThat(row.path("seed").asText()).isEqualTo("3");
    assertThat(row.path("parent_run_id").asText()).isEqualTo("p");
    assertThat(row.path("started_at").asText()).isEqualTo("2023-11-14T22:13:20Z");
    assertThat(row.path("duration_seconds").asDouble()).isEqualTo(90.5);
    assertThat(row.path("url").asText()).isEqualTo("http://mlflow:5000/#/experiments/7/runs/r1");
    assertThat(row.path("metrics"))
        .isEqualTo(
            Json.mapper().readTree("{\"val_auc\": 0.7, \"loss\": \"NaN\", \"big\": \"Infinity\"}"));
  }

  @Test
  void theDataSetIsAParameterOrTagOrInputOrElseTheExperiment() throws JsonProcessingException {
    String input =
        "\"inputs\": {\"dataset_inputs\": [{\"dataset\": {\"name\": \"%s\", \"digest\": \"d1\"}}]}";
    assertThat(dataset("{}")).isEqualTo("ads");
    assertThat(dataset("{" + input.formatted("clicks") + "}")).isEqualTo("clicks");
    assertThat(dataset("{" + input.formatted("dataset") + "}")).isEqualTo("dataset-d1");
    assertThat(
            dataset(
                "{\"data\": {\"tags\": [{\"key\": \"dataset\", \"value\": \"t\"}]},"
                    + input.formatted("clicks")
                    + "}"))
        .isEqualTo("t");
    assertThat(
            dataset(
                "{\"data\": {\"tags\": [{\"key\": \"dataset\", \"value\": \"t\"}],"
                    + " \"params\": [{\"key\": \"dataset\", \"value\": \"p\"}]}}"))
        .isEqualTo("p");
  }

  @Test
  void theMappingComparesTheBestKnownMetricAndLeavesOutTheMachines() {
    RunMapping mapping =
        MlflowRow.mapping(Set.of("loss", "val_auc", "system/cpu_utilization")).orElseThrow();
    assertThat(mapping.metric()).isEqualTo("auc");
    assertThat(mapping.metrics())
        .containsOnlyKeys("auc", "loss")
        .containsEntry("auc", "metrics.val_auc");
    assertThat(mapping.params().except()).contains("seed", "dataset");
    assertThat(MlflowRow.mapping(Set.of("system/cpu_utilization"))).isEmpty();
  }

  @Test
  void knowsTheRunsThatDormousePublished() {
    assertThat(MlflowRow.isOurs(read("{}"))).isFalse();
    assertThat(
            MlflowRow.isOurs(
                read("{\"data\": {\"tags\": [{\"key\": \"dormouse.key\", \"value\": \"x\"}]}}")))
        .isTrue();
  }

  private static String dataset(String run) throws JsonProcessingException {
    return row(run).path("dataset").asText();
  }

  private static JsonNode row(String run) throws JsonProcessingException {
    return Json.mapper().readTree(Json.write(MlflowRow.of(SERVER, ADS, read(run))));
  }

  private static MlflowRun read(String text) {
    return Json.read(text, MlflowRun.class);
  }
}
