package dev.dormouse.eval.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.config.CampaignFile;
import dev.dormouse.eval.replay.ComparedRegret;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkTest;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class LiveBenchTest {
  private static final int BUDGET = 7;

  /** Model B is better than A, and a low dropout better than a high one; A ignores the dropout. */
  private static final String SURFACE =
      """
      {"task": "Tiny_x1", "family": "tiny",
       "space": [
        {"name": "model", "type": "categorical", "choices": ["A", "B"]},
        {"name": "dropout", "type": "float", "low": 0.0, "high": 0.5, "log": false},
        {"name": "lr", "type": "float", "low": 1e-05, "high": 0.01, "log": true},
        {"name": "norm", "type": "bool", "choices": ["false", "true"]}],
       "ignored": {"A": ["dropout"], "B": []},
       "columns": [
        {"name": "model", "kind": "category", "values": ["A", "B"]},
        {"name": "dropout", "kind": "number", "low": 0.0, "high": 0.5}],
       "trees": [
        {"feature": [0, -1, 1, -1, -1], "threshold": [0.5, 0, 0.5, 0, 0],
         "left": [1, -1, 3, -1, -1], "right": [2, -1, 4, -1, -1],
         "value": [0, 0.7, 0, 0.74, 0.72]}],
       "noise_sd": 0.0001,
       "baselines": [{"model": "A", "dropout": 0.25, "lr": 1e-05, "norm": "false"}],
       "best": {"arm": {"model": "B", "dropout": 0.1, "lr": 0.001, "norm": "true"}, "value": 0.74}}
      """;

  @TempDir Path dir;
  private SurfaceScript script;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.createDirectories(dir.resolve("surfaces"));
    Files.writeString(dir.resolve("surfaces/tiny.json"), SURFACE);
    script =
        new SurfaceScript(
            Path.of("").toAbsolutePath().resolve("peers/surfaces.py"), Optional.empty());
    // The past of other data says that B is better; that of the own family says the opposite.
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      boolean b = i % 2 == 1;
      rows.add(row("other", i, b ? 0.82 : 0.8));
      rows.add(row("tiny", i, b ? 0.6 : 0.9));
    }
    SparkSession spark = SparkExtension.spark();
    spark
        .sql(
            "SELECT * FROM VALUES "
                + String.join(", ", rows)
                + " AS t(experiment_id, family, dataset_version, feature_set, model_variant,"
                + " hparams, status, val_auc)")
        .coalesce(1)
        .write()
        .parquet(dir.resolve("history/experiments.parquet").toString());
  }

  private static String row(String family, int i, double auc) {
    return "('%s%02d', '%s', '%s', 'f', '%s', map('lr', '%s', 'dropout', '0.1'), 'ok', %sD)"
        .formatted(
            family,
            i,
            family,
            family,
            i % 2 == 1 ? "B" : "A",
            List.of("0.0001", "0.001").get(i / 2 % 2),
            auc + 0.0001 * i);
  }

  private LiveRequest request(String... methods) {
    return LiveRequestBuilder.builder()
        .tasks(dir.resolve("unused"))
        .surfaces(Optional.of(dir.resolve("surfaces")))
        .history(List.of(dir.resolve("history")))
        .task(Optional.empty())
        .methods(List.of(methods))
        .budget(BUDGET)
        .replicates(1)
        .parallel(1)
        .lakes(Optional.empty())
        .out(dir.resolve("out"))
        .build();
  }

  private LiveBench.Result run(LiveRequest request) throws IOException {
    Path scratch = Files.createTempDirectory(dir, "scratch");
    return new LiveBench(SparkExtension.spark(), request, script, scratch, line -> {}).run();
  }

  @Test
  void runsACampaignByTheCommandLineAndScoresItOnTheSurface() throws IOException {
    LiveBench.Result result = run(request(LiveBench.OURS, "random"));

    assertThat(result.tasks()).isEqualTo(1);
    assertThat(result.methods())
        .extracting(ComparedRegret::name)
        .containsExactly("dormouse", "random");
    for (ComparedRegret method : result.methods()) {
      assertThat(method.regret()).hasSize(BUDGET).startsWith(1.0);
    }
    List<LiveLine> lines = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve("out/dormouse.jsonl"))) {
      lines.add(Json.read(line, LiveLine.class));
    }
    assertThat(lines).hasSizeBetween(2, BUDGET);
    assertThat(lines.get(0).phase()).contains("baseline");
    assertThat(lines.get(0).value()).isEqualTo(0.7);
    assertThat(lines.subList(1, lines.size())).allMatch(line -> line.source().isPresent());
    assertThat(dir.resolve("out/plans/tiny_x1-b0-r0.json")).exists();
    assertThat(result.methods().get(0).regret().get(BUDGET - 1))
        .as("the past names the better model")
        .isLessThan(1);
  }

  @Test
  void historyHasNoRunsOfTheFamily() throws IOException {
    SparkSession spark = SparkExtension.spark();
    Path visible = Files.createDirectories(dir.resolve("visible"));
    new FamilyLakes(spark, List.of(), dir.resolve("lakes"))
        .copyVisible(dir.resolve("history"), List.of("tiny"), visible);

    assertThat(visible.resolve("experiments.parquet")).isRegularFile();
    assertThat(
            spark
                .read()
                .parquet(visible.resolve("experiments.parquet").toString())
                .select("family")
                .distinct()
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("other");
  }

  @Test
  void theCampaignFileIsOneThatUsersCouldWrite() throws IOException {
    Path file = dir.resolve("surfaces/tiny.json");
    LiveEpisode episode = new LiveEpisode(Surface.read(file), file, 0, 3);
    Path campaign =
        Files.writeString(
            dir.resolve("campaign.yaml"), new LiveCampaign(script, BUDGET).campaignFile(episode));
    CampaignSpec spec = CampaignFile.read(campaign);

    assertThat(spec.campaignId()).isEqualTo("tiny_x1-b0-r3");
    assertThat(spec.searchSpace().admits(spec.baseline(), spec.baseline())).isTrue();
    assertThat(spec.searchSpace().parameters().get("lr").low()).isEqualTo(1e-5);
    assertThat(spec.training().command()).contains("--replicate 3").contains("{config_file}");
    assertThat(spec.trials().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(BUDGET);
  }

  @Test
  void playsNothingTwice() throws IOException {
    run(request("random"));
    List<String> lines = Files.readAllLines(dir.resolve("out/random.jsonl"));
    script = new SurfaceScript(brokenScript(), Optional.empty());
    assertThatThrownBy(() -> run(request("random")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no surfaces today");
    writeScript();
    run(request("random"));
    assertThat(Files.readAllLines(dir.resolve("out/random.jsonl"))).isEqualTo(lines);
  }

  private Path brokenScript() throws IOException {
    Path broken = Files.createDirectories(dir.resolve("broken")).resolve("surfaces.py");
    return Files.writeString(broken, "import sys\nsys.exit('no surfaces today')\n");
  }

  private void writeScript() {
    script =
        new SurfaceScript(
            Path.of("").toAbsolutePath().resolve("peers/surfaces.py"), Optional.empty());
  }

  @Test
  void saysWhatIsMissing() {
    LiveRequest elsewhere =
        LiveRequestBuilder.builder(request("random")).task(Optional.of("nowhere")).build();
    assertThatThrownBy(() -> run(elsewhere)).hasMessageContaining("no surface of nowhere");
    assertThatThrownBy(() -> LiveRequestBuilder.builder(request("random")).budget(2).build())
        .hasMessageContaining("at least 5");
    assertThatThrownBy(() -> request("random", "random")).hasMessageContaining("name each once");
    assertThatThrownBy(() -> request("dormouse", "grid"))
        .hasMessage("Methods are [dormouse, grid]; known are dormouse, random, tpe, smac");
  }
}
