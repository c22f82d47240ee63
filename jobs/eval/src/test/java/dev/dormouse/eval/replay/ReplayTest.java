package dev.dormouse.eval.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkTest;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class ReplayTest {
  private static final int BUDGET = 6;

  @TempDir static Path dir;
  private static ReplaySummary plain;
  private static ReplaySummary ofSettings;

  /** Making lakes takes longest, so tests share what is played with the same request. */
  @BeforeAll
  static void play() throws IOException {
    writeTables();
    writeSettings();
    plain = replay("history", "a", false);
    ofSettings = Replay.run(SparkExtension.spark(), settings("whole", LearningCurves.HIDDEN));
  }

  private static void writeTables() {
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
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve("a"))) {
      lines.add(Json.mapper().readTree(line));
    }

    assertThat(plain.evaluations()).isEqualTo(2 * BUDGET).isEqualTo(lines.size());
    assertThat(lines.get(0).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "task_id",
            "episode",
            "step",
            "config_id",
            "phase",
            "source",
            "cost",
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
  void playsThePhasesOfACampaignAndChargesTheBaseline() throws IOException {
    assertThat(phases("a").subList(0, BUDGET))
        .containsExactly(
            "baseline", "validation", "validation", "combination", "exploitation", "exploitation");
  }

  @Test
  void leavesOutWhatIsAskedFor() throws IOException {
    Set<ReplayRequest.Part> parts = EnumSet.allOf(ReplayRequest.Part.class);
    Replay.run(
        SparkExtension.spark(),
        ReplayRequestBuilder.builder(request("history", "least", false)).without(parts).build());

    assertThat(phases("least")).containsOnly("exploitation").hasSize(2 * BUDGET);
  }

  private List<String> phases(String out) throws IOException {
    List<String> phases = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve(out))) {
      phases.add(Json.mapper().readTree(line).get("phase").asText());
    }
    return phases;
  }

  @Test
  void neverSeesRunsOfTheTasksOwnFamily() throws IOException {
    replay("planted", "b", false);

    assertThat(dir.resolve("b")).hasSameTextualContentAs(dir.resolve("a"));
  }

  @Test
  void namesOfModelsAndStudiesDoNotMatter() throws IOException {
    replay("history", "c", true);

    assertThat(dir.resolve("c")).hasSameTextualContentAs(dir.resolve("a"));
  }

  @Test
  void aTableOfSettingsBringsItsOwnPast() throws IOException {
    ReplayRequest request = settings("whole", LearningCurves.HIDDEN);

    assertThat(ofSettings.regret().get(BUDGET - 1)).isLessThan(0.1);
    assertThat(Files.readAllLines(dir.resolve("whole")).get(0)).contains("\"value\":-0.");
    assertThat(
            ReplayScores.of(SparkExtension.spark(), request)
                .ofFile(dir.resolve("whole"))
                .get("now"))
        .isEqualTo(ofSettings.regret());
  }

  private static void writeSettings() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      // The past says that a high learning rate is bad; the task agrees.
      rows.add(settings("past", "history", i, "0.1 + 0.01 * " + i));
      rows.add(settings("now", "dev", i, i == 3 ? "cast('NaN' as double)" : "0.2 + 0.02 * " + i));
    }
    write(
        "settings.parquet",
        rows,
        "task_id, split, config_id, learning_rate, beta1, beta2, epsilon, l1, l2, linear_decay,"
            + " exponential_decay, status, valid_loss_final, valid_loss");
  }

  @Test
  void whatIsStoppedEarlyCostsLess() throws IOException {
    ReplaySummary summary =
        Replay.run(SparkExtension.spark(), settings("curves", LearningCurves.SHOWN));

    assertThat(costs("whole")).containsOnly(1.0);
    assertThat(costs("curves")).contains(1.0).anyMatch(cost -> cost < 1);
    assertThat(costs("curves").size()).isGreaterThan(costs("whole").size());
    ReplayScores scores =
        ReplayScores.of(SparkExtension.spark(), settings("s", LearningCurves.SHOWN));
    assertThat(scores.haveCurves()).isTrue();
    assertThat(scores.ofFile(dir.resolve("curves")).get("now")).isEqualTo(summary.regret());
  }

  private List<Double> costs(String out) throws IOException {
    List<Double> costs = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve(out))) {
      costs.add(Json.mapper().readTree(line).get("cost").asDouble());
    }
    return costs;
  }

  private static ReplayRequest settings(String out, LearningCurves curves) {
    return ReplayRequestBuilder.builder()
        .tasks(dir.resolve("settings.parquet"))
        .history(List.of())
        .budget(BUDGET)
        .out(dir.resolve(out))
        .episodes(2)
        .task(Optional.of("now"))
        .historyUse(ReplayRequest.HistoryUse.AS_RECORDED)
        .curves(curves)
        .build();
  }

  @Test
  void scoresNothingThatIsNotInThePool() throws IOException {
    Path lines = dir.resolve("elsewhere");
    Files.writeString(
        lines, Files.readString(dir.resolve("a")).replaceFirst("c\\d\\d", "elsewhere"));

    ReplayScores scores = ReplayScores.of(SparkExtension.spark(), request("history", "b", false));
    assertThat(scores.family("ours")).isEqualTo("ours");
    assertThatThrownBy(() -> scores.ofFile(lines)).hasMessageContaining("not in the pool");
  }

  private static String settings(String task, String split, int i, String loss) {
    String curve =
        IntStream.rangeClosed(1, 10)
            .mapToObj(point -> (10 - point) / 10.0 + "D + " + loss)
            .collect(Collectors.joining(", ", "array(", ")"));
    return "('%s', '%s', '%s%02d', %s, 0.9D, 0.99D, 1e-8D, 1e-3D, 1e-3D, 1e-6D, 1e-5D, 'ok', %s, %s)"
        .formatted(task, split, task, i, "1e-5D * " + (i + 1), loss, curve);
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> replay("nowhere", "d", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere");
  }

  private static ReplaySummary replay(String history, String out, boolean alias)
      throws IOException {
    return Replay.run(SparkExtension.spark(), request(history, out, alias));
  }

  private static ReplayRequest request(String history, String out, boolean alias) {
    return ReplayRequestBuilder.builder()
        .tasks(dir.resolve("tasks.parquet"))
        .history(List.of(dir.resolve(history)))
        .budget(BUDGET)
        .out(dir.resolve(out))
        .episodes(2)
        .historyUse(ReplayRequest.HistoryUse.AS_RECORDED)
        .curves(LearningCurves.HIDDEN)
        .alias(alias)
        .build();
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

  private static void writeHistory(String name, List<String> rows) {
    write(
        name + "/experiments.parquet",
        rows,
        "experiment_id, task_id, family, dataset_version, feature_set, model_variant, hparams,"
            + " status, val_auc");
  }

  private static void write(String name, List<String> rows, String columns) {
    SparkExtension.spark()
        .sql("SELECT * FROM VALUES " + String.join(", ", rows) + " AS t(" + columns + ")")
        .coalesce(1)
        .write()
        .parquet(dir.resolve(name).toString());
  }
}
