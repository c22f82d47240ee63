package dev.dormouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Phase;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CampaignFileTest {
  private static final String GOOD =
      """
      campaign: ctr-q3
      study: {dataset: movielens-100k, features: v1}
      objective: {metric: auc, direction: maximize, min_gain: 0.0005}
      baseline: {learning_rate: 0.001, embedding_dim: 16, model: dnn, epochs: 5}
      search_space:
        learning_rate: {type: float, range: [1.0e-4, 1.0e-1], log: true}
        embedding_dim: {type: int, choices: [8, 16, 32, 64]}
        model: {type: categorical, choices: [lr, fm, dnn, deepfm, dcn]}
      training: {backend: local, command: "python3 trainers/ctr.py --config {config_file}", timeout: 10m, gpus: 0}
      budget: {gpu_hours: 2.0, llm_usd: 1.0, max_parallel: 2}
      guardrails: {repository: ".", allowed_paths: ["trainers/"], preflight: [repo_clean, data_present, baseline_runs]}
      sources: {history: true, research: true, llm: auto}
      """;

  @TempDir Path directory;

  @Test
  void readsTheExamplesForAirflow() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..", "..", "dags-client", "examples"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".yaml")))
          .hasSize(3)
          .allSatisfy(
              file ->
                  assertThat(CampaignFile.read(file).training().backend()).isEqualTo("airflow"));
    }
  }

  @Test
  void readsTheExampleOfTheDesign() throws IOException {
    CampaignSpec spec = CampaignFile.read(file(GOOD));

    assertThat(spec.campaignId()).isEqualTo("ctr-q3");
    assertThat(spec.study().id()).isEqualTo("movielens-100k/v1:auc@validation");
    assertThat(spec.baseline())
        .isEqualTo(
            Arm.of(
                Map.of(
                    "model",
                    "dnn",
                    "learning_rate",
                    "0.001",
                    "embedding_dim",
                    "16",
                    "epochs",
                    "5")));
    assertThat(spec.training().timeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(spec.budget().gpuHoursMicros()).isEqualTo(GpuHours.micros(2.0));
    assertThat(spec.guardrails().repository()).isEqualTo(directory.toString());
    assertThat(spec.trials(Phase.CONFIRMATION)).isEqualTo(6);
  }

  @Test
  void theMetricsNameTellsTheDirectionOrItIsAskedFor() throws IOException {
    String without = GOOD.replace(", direction: maximize", "");

    assertThat(CampaignFile.read(file(without)).objective().direction())
        .isEqualTo(Objective.Direction.MAXIMIZE);
    assertThat(
            CampaignFile.read(file(without.replace("metric: auc", "metric: ne")))
                .objective()
                .direction())
        .isEqualTo(Objective.Direction.MINIMIZE);
    assertThat(problems(without.replace("metric: auc", "metric: score")))
        .singleElement()
        .asString()
        .startsWith(
            "c.yaml:3: objective.direction: is missing, and the name 'score' does not tell it");
  }

  @Test
  void theDemosCampaignsAreGood() {
    assertThat(
            CampaignFile.read(Path.of("../examples/ctr/campaign.yaml")).searchSpace().parameters())
        .hasSizeGreaterThan(8);
    assertThat(
            CampaignFile.read(Path.of("../examples/ctr/campaign-fast.yaml"))
                .trials(Phase.CONFIRMATION))
        .isEqualTo(6);
  }

  @Test
  void reportsEveryProblemAtOnceWithItsLine() throws IOException {
    String bad =
        GOOD.replace("timeout: 10m", "timeout: soon, color: red")
            .replace("gpu_hours: 2.0", "gpu_hours: -2")
            .replace("llm: auto", "lmm: auto")
            .replace("embedding_dim: 16", "embedding_dim: 17")
            .replace("[1.0e-4, 1.0e-1]", "[1.0e-1, 1.0e-4]")
            .replace("{config_file}", "config");

    assertThat(problems(bad))
        .extracting(Problem::toString)
        .anySatisfy(
            p ->
                assertThat(p)
                    .startsWith(
                        "c.yaml:4: baseline.embedding_dim: is 17; it must lie in the search space: 8, 16, 32, 64"))
        .anySatisfy(
            p ->
                assertThat(p)
                    .startsWith(
                        "c.yaml:6: search_space.learning_rate.range: is [1.0e-1, 1.0e-4]; its first number must be below"))
        .anySatisfy(
            p -> assertThat(p).startsWith("c.yaml:9: training.command: must contain {config_file}"))
        .anySatisfy(
            p ->
                assertThat(p)
                    .startsWith(
                        "c.yaml:9: training.timeout: is 'soon'; it must be a time such as 90s"))
        .anySatisfy(p -> assertThat(p).startsWith("c.yaml:9: training.color: is unknown"))
        .anySatisfy(p -> assertThat(p).startsWith("c.yaml:10: budget.gpu_hours: is -2; it must be"))
        .anySatisfy(
            p ->
                assertThat(p).startsWith("c.yaml:12: sources.lmm: is unknown; did you mean 'llm'?"))
        .isSortedAccordingTo(
            java.util.Comparator.comparingInt(p -> Integer.parseInt(p.split(":", -1)[1])));
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    assertThat(problems("campaign: x\n"))
        .extracting(Problem::key)
        .contains("study", "objective", "baseline", "search_space", "training", "budget");
    assertThat(problems(GOOD.replace("learning_rate: 0.001, ", "")))
        .extracting(Problem::toString)
        .containsExactly(
            "c.yaml:6: search_space.learning_rate: has no baseline value; add it to 'baseline'");
  }

  @Test
  void readsAListOfArmsInsteadOfRanges() throws IOException {
    CampaignSpec spec =
        CampaignFile.read(
            file(
                listing(
                    """
                      arms:
                        - {model: dcn, learning_rate: 1.0e-3, hidden_units: [64, 32], layers: 3}
                        - change: {learning_rate: 0.01}
                        - {model: dnn, learning_rate: 0.001, embedding_dim: 16, epochs: 5}
                    """)));

    assertThat(spec.searchSpace().parameters()).isEmpty();
    assertThat(spec.searchSpace().arms())
        .containsExactly(
            Arm.of(
                Map.of(
                    "model",
                    "dcn",
                    "learning_rate",
                    "0.001",
                    "hidden_units",
                    "[64,32]",
                    "layers",
                    "3")),
            spec.baseline().with("learning_rate", "0.01"),
            spec.baseline());
    assertThat(Json.read(Json.write(spec), CampaignSpec.class)).isEqualTo(spec);
  }

  @Test
  void refusesListsOfArmsThatAreWrong() throws IOException {
    assertThat(
            problems(
                listing(
                    """
                      arms:
                        - {model: dcn, learning_rate: .nan, dropout: 1e999, units: [64, .inf]}
                        - change: {learning_rate: 0.01, dropout: 0.5}
                        - {model: fm, learning_rate: 0.001}
                        - {learning_rate: 1e-3, model: fm}
                        - {model: !class fm, layers: , optimizer: {name: adam}}
                        - fm
                      depth: {type: int, choices: [1, 2]}
                    """)))
        .extracting(Problem::toString)
        .containsExactly(
            "c.yaml:7: search_space.arms[1].learning_rate: is .nan; it must be a finite number",
            "c.yaml:7: search_space.arms[1].dropout: is 1e999; it must be a finite number",
            "c.yaml:7: search_space.arms[1].units: is .inf; it must be a finite number",
            "c.yaml:8: search_space.arms[2].change.dropout: has no baseline value; add it to"
                + " 'baseline'",
            "c.yaml:10: search_space.arms[4]: is the same as arm 3; list each arm once",
            "c.yaml:11: search_space.arms[5].model: is of type !class; it must be a text, a number,"
                + " true or false, or a list of these",
            "c.yaml:11: search_space.arms[5].layers: has no value; give it one, or leave it out",
            "c.yaml:11: search_space.arms[5].optimizer: must be a value, not a mapping",
            "c.yaml:12: search_space.arms[6]: must be a mapping of keys to values",
            "c.yaml:13: search_space.depth: stands beside 'arms'; a search space has parameters or"
                + " a list of arms, not both");
  }

  @Test
  void refusesListsOfArmsThatAreTooShortOrTooLong() throws IOException {
    assertThat(problems(listing("  arms: []\n")))
        .extracting(Problem::toString)
        .containsExactly(
            "c.yaml:6: search_space.arms: has no arm but the baseline; a campaign needs something"
                + " to try");
    String arms =
        IntStream.rangeClosed(0, 10_000)
            .mapToObj(i -> "    - {model: m" + i + "}\n")
            .collect(Collectors.joining());
    assertThat(problems(listing("  arms:\n" + arms)))
        .extracting(Problem::toString)
        .containsExactly("c.yaml:6: search_space.arms: has 10001 arms; it may have at most 10000");
  }

  private static String listing(String arms) {
    int from = GOOD.indexOf("  learning_rate:");
    return GOOD.substring(0, from) + arms + GOOD.substring(GOOD.indexOf("training:"));
  }

  @Test
  void refusesKeysGivenTwiceAndTooFewPairs() throws IOException {
    assertThat(problems(GOOD + "campaign: again\n"))
        .extracting(Problem::toString)
        .containsExactly("c.yaml:13: campaign: is given twice; keep one");
    assertThat(problems(GOOD + "trials: {confirmation: 3}\n"))
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("0 or at least 6"));
  }

  @Test
  void refusesWhatIsNoCampaignFile() throws IOException {
    assertThat(problems(""))
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("is empty"));
    assertThat(problems("a: [1\n"))
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("is not valid YAML"));
    assertThat(problems("- a\n- b\n")).isNotEmpty();
    assertThat(problems("a: &x [1, 2]\nb: [*x, *x, *x]\n" + GOOD)).isNotEmpty();
    assertThatThrownBy(() -> CampaignFile.read(directory.resolve("none.yaml")))
        .hasMessage("none.yaml: does not exist");
    assertThatThrownBy(() -> CampaignFile.read(directory)).hasMessageContaining("is a directory");
  }

  @Test
  void aDeploymentWithUnknownKeysIsRefused() throws IOException {
    Path good =
        Files.writeString(
            directory.resolve("d.properties"),
            "lake=data/lake\nmlflow.uri=http://127.0.0.1:5000\n");
    assertThat(Deployment.read(good).lake()).isEqualTo(directory.resolve("data/lake"));
    Path bad = Files.writeString(directory.resolve("e.properties"), "lakes=x\nmlflow.uri=here\n");
    assertThatThrownBy(() -> Deployment.read(bad))
        .hasMessageContaining("lakes: is unknown")
        .hasMessageContaining("must be a URL");
  }

  private List<Problem> problems(String content) throws IOException {
    Path file = file(content);
    return catchThrowableOfType(BadInputException.class, () -> CampaignFile.read(file)).problems();
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("c.yaml"), content);
  }
}
