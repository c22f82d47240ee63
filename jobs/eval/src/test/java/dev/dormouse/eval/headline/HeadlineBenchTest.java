package dev.dormouse.eval.headline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.eval.headline.HeadlineSearch.Step;
import dev.dormouse.eval.live.PythonScript;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkTest;
import dev.dormouse.model.Arm;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class HeadlineBenchTest {
  private static final int BUDGET = 7;

  /**
   * A trainer that is done at once: 0.003 is the best learning rate, small batches help a little.
   */
  private static final String TRAINER =
      """
      import json, sys
      config = json.load(open(sys.argv[1]))
      params = config["params"]
      assert type(params["batch_size"]) is int and params["model"] in ("lr", "fm"), params
      if params["learning_rate"] > 0.1:
          sys.exit("loss is nan")
      value = 0.7 - 0.02 * abs(params["learning_rate"] - 0.003) * 100 - 0.001 * (params["batch_size"] > 1024)
      value += (config["seed"] * 7919 % 13) * 1e-5
      metrics = {"auc": value} | ({"test_auc": value - 0.01} if config["evaluate_test"] else {})
      json.dump({"status": "ok", "metrics": metrics}, open(config["output_dir"] + "/result.json", "w"))
      """;

  private static final String EXAMPLE =
      """
      campaign: example
      study: {dataset: clicks, features: v1}
      objective: {metric: auc, direction: maximize, min_gain: 0.001}
      baseline: {model: fm, learning_rate: 0.01, batch_size: 2048, embedding_dim: 8}
      search_space:
        model: {type: categorical, choices: [lr, fm]}
        batch_size: {type: int, choices: [1024, 2048, 4096]}
        learning_rate: {type: float, choices: [0.001, 0.003, 0.01, 0.3]}
        embedding_dim: {type: int, choices: [4, 8]}
      training: {backend: local, command: "python3 '%s' {config_file}", timeout: 1m, gpus: 0}
      budget: {gpu_hours: 1, llm_usd: 0, max_parallel: 1}
      guardrails: {repository: ., preflight: []}
      """;

  @TempDir Path dir;

  @BeforeEach
  void writeInputs() throws IOException {
    Path trainer = Files.writeString(dir.resolve("trainer.py"), TRAINER);
    Files.writeString(dir.resolve("example.yaml"), EXAMPLE.formatted(trainer));
  }

  private HeadlineRequest request(String... methods) {
    return HeadlineRequestBuilder.builder()
        .example(dir.resolve("example.yaml"))
        .models(List.of("lr", "fm"))
        .methods(List.of(methods))
        .budget(BUDGET)
        .replicates(1)
        .seeds(3)
        .parallel(2)
        .history(List.of())
        .hidden(List.of("clicks"))
        .out(dir.resolve("out"))
        .build();
  }

  private HeadlineResult run(String... methods) throws IOException {
    PythonScript script =
        new PythonScript(
            Path.of("").toAbsolutePath().resolve("peers/headline.py"),
            Optional.empty(),
            Duration.ofMinutes(5));
    return new HeadlineBench(SparkExtension.spark(), request(methods), script, line -> {}).run();
  }

  private List<Step> steps(String method, String model) throws IOException {
    Path file = dir.resolve("out/searches/%s-clicks-%s-7-0.json".formatted(method, model));
    return Json.read(Files.readString(file), HeadlineSearch.class).steps();
  }

  @Test
  void campaignsAndOthersTrainForRealAndAreTestedWithFreshSeeds() throws IOException {
    HeadlineResult result = run("no-history", "manual", "random");

    assertThat(result.methods())
        .extracting(HeadlineResult.Method::name)
        .containsExactly("no-history", "manual", "random");
    HeadlineResult.Method campaigns = result.methods().get(0);
    assertThat(campaigns.confirmed().mean()).isBetween(0.01, 0.016);
    assertThat(campaigns.confirmedShare()).isEqualTo(1);
    assertThat(campaigns.touches()).as("approved").isBetween(1.0, 2.0);
    HeadlineResult.Method manual = result.methods().get(1);
    assertThat(manual.confirmed().mean()).isGreaterThan(0.01);
    assertThat(manual.reached()).hasValue(1);
    assertThat(manual.touches()).isEqualTo(BUDGET - 1);
    assertThat(steps("no-history", "lr"))
        .hasSizeLessThanOrEqualTo(BUDGET)
        .allSatisfy(step -> assertThat(step.arm()).containsEntry("model", "lr"))
        .allSatisfy(step -> assertThat(step.arm()).containsEntry("embedding_dim", "8"));

    long trained = trainings();
    assertThat(run("no-history", "manual", "random")).isEqualTo(result);
    assertThat(trainings()).as("nothing is trained twice").isEqualTo(trained);
  }

  private long trainings() throws IOException {
    try (Stream<Path> runs = Files.list(dir.resolve("out/trainings"))) {
      return runs.count();
    }
  }

  @Test
  void byHandOneThingIsChangedAtATime() throws IOException {
    run("manual");

    List<Step> steps = steps("manual", "fm");
    assertThat(steps).hasSize(BUDGET);
    assertThat(steps.get(1).value()).as("the learning rate 0.3 diverges").isEmpty();
    Step best = steps.get(0);
    for (Step step : steps.subList(1, BUDGET)) {
      assertThat(Arm.of(step.arm()).changesFrom(Arm.of(best.arm()))).hasSize(1);
      if (step.value().orElse(0.0) > best.value().orElseThrow()) {
        best = step;
      }
    }
    assertThat(best.arm()).containsEntry("learning_rate", "0.003");
  }

  @Test
  void anArmThatFailsWithAFreshSeedGainsNothing() {
    HeadlineSearch search = new HeadlineSearch("fm", "tpe", 0, List.of(), 1);

    assertThat(tested(search, "[0.7, 0.701, 0.7]", "[0.71, 0.711, 0.71]").confirmed())
        .isCloseTo(0.01, within(1e-9));
    assertThat(tested(search, "[0.7, 0.701, 0.7]", "[0.71, null, 0.71]").confirmed()).isZero();
    assertThat(tested(search, "[0.7, 0.71, 0.7]", "[0.71, 0.7, 0.71]").confirmed())
        .as("not above 0 for sure")
        .isZero();
  }

  private static HeadlineResult.Tested tested(HeadlineSearch search, String before, String after) {
    return new HeadlineResult.Tested(search, HeadlineBench.compared(before, after));
  }

  @Test
  void saysWhatIsWrongWithARequest() {
    assertThatThrownBy(() -> request("guess"))
        .hasMessage("Methods are [guess]; known are dormouse, no-history, tpe, random, manual");
  }
}
