package dev.dormouse.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class ReplayTest {
  private static final int BUDGET = 6;

  @TempDir Path dir;

  @BeforeEach
  void writeTables() {
    List<String> configs = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String value = i == 5 ? "cast(null as double)" : "0.7 + " + i % 12 + " * 0.001D";
      configs.add(
          "('ours', 'c%02d', 'M%d', map('lr', '%d'), '%s', %s)"
              .formatted(i, i % 3, i, i == 5 ? "collapsed" : "ok", value));
    }
    write("tasks.parquet", configs, "task_id, config_id, model_variant, hparams, status, val_auc");
    writeHistory("history", past("other", "", 1));
    List<String> planted = past("other", "", 1);
    planted.addAll(past("own", "ours", -5));
    writeHistory("planted", planted);
  }

  @Test
  void writesOneLineAnEvaluationWithTheTablesOwnIds() throws IOException {
    ReplaySummary summary = replay("history", "a", false);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve("a"))) {
      lines.add(Json.mapper().readTree(line));
    }

    assertThat(summary.evaluations()).isEqualTo(2 * BUDGET).isEqualTo(lines.size());
    assertThat(lines.get(0).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "task_id",
            "episode",
            "step",
            "config_id",
            "phase",
            "source",
            "predicted_gain",
            "value");
    assertThat(lines.subList(0, BUDGET))
        .extracting(l -> l.get("step").asInt())
        .containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(lines.subList(0, BUDGET))
        .extracting(l -> l.get("config_id").asText())
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("c\\d\\d"));
  }

  @Test
  void neverSeesRunsOfTheTasksOwnFamily() throws IOException {
    replay("history", "a", false);
    replay("planted", "b", false);

    assertThat(dir.resolve("b")).hasSameTextualContentAs(dir.resolve("a"));
  }

  @Test
  void namesOfModelsAndStudiesDoNotMatter() throws IOException {
    replay("history", "a", false);
    replay("history", "b", true);

    assertThat(dir.resolve("b")).hasSameTextualContentAs(dir.resolve("a"));
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> replay("nowhere", "a", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere");
  }

  private ReplaySummary replay(String history, String out, boolean alias) throws IOException {
    return Replay.run(
        SparkExtension.spark(),
        new ReplayRequest(
            dir.resolve("tasks.parquet"),
            List.of(dir.resolve(history)),
            Optional.empty(),
            BUDGET,
            dir.resolve(out),
            2,
            Optional.empty(),
            true,
            false,
            alias));
  }

  private static List<String> past(String family, String task, int slope) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      rows.add(
          "('%s%02d', '%s', '%s', '%s', 'f', 'M%d', map('lr', '%d'), 'ok', 0.8 + %d * 0.001D)"
              .formatted(family, i, task, family, family, i % 3, i, slope * (i % 12)));
    }
    return rows;
  }

  private void writeHistory(String name, List<String> rows) {
    write(
        name + "/experiments.parquet",
        rows,
        "experiment_id, task_id, family, dataset_version, feature_set, model_variant, hparams,"
            + " status, val_auc");
  }

  private void write(String name, List<String> rows, String columns) {
    SparkExtension.spark()
        .sql("SELECT * FROM VALUES " + String.join(", ", rows) + " AS t(" + columns + ")")
        .coalesce(1)
        .write()
        .parquet(dir.resolve(name).toString());
  }
}
