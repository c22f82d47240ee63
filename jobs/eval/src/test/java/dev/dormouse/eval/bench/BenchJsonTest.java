package dev.dormouse.eval.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.table.Json;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The JSON of the benchmarks is an interface: nesting of records must not show in it. */
class BenchJsonTest {
  @Test
  void resultsOfMiningAreOneFlatObject() {
    MineBenchResult result =
        new MineBenchResult(
            new MineBenchResult.History(1000, 20, 1),
            new MineBenchResult.Mining(3, Optional.of(1.5), 7),
            new MineBenchResult.Steps(9, 2),
            Optional.of(new MineBenchResult.Growth(100, 0.5, 0.25, 0.6)),
            Optional.of(new MineBenchResult.DuckDb(1.5, 9, new SliceComparison(0, 1, 2, 1e-3))));
    assertThat(Json.write(result))
        .isEqualTo(
            "{\"runs\":1000,\"parameters\":20,\"seed\":1,\"seconds\":3.0,\"peak_memory_gb\":1.5,"
                + "\"insights\":7,\"slices\":9,\"slices_seconds\":2.0,\"growth\":{\"runs_small\":100,"
                + "\"seconds_small\":0.5,\"warm_up_seconds\":0.25,\"ratio\":0.6},\"duckdb\":{"
                + "\"seconds\":1.5,\"slices\":9,\"only_miner\":0,\"only_duckdb\":1,"
                + "\"different_pairs\":2,\"largest_difference\":0.001},\"ratio_to_duckdb\":2.0}");
  }

  @Test
  void whatWasNotMeasuredOfMiningIsLeftOut() {
    MineBenchResult result =
        new MineBenchResult(
            new MineBenchResult.History(1000, 20, 1),
            new MineBenchResult.Mining(3, Optional.empty(), 7),
            new MineBenchResult.Steps(9, 2),
            Optional.empty(),
            Optional.empty());
    assertThat(Json.write(result))
        .isEqualTo(
            "{\"runs\":1000,\"parameters\":20,\"seed\":1,\"seconds\":3.0,\"peak_memory_gb\":null,"
                + "\"insights\":7,\"slices\":9,\"slices_seconds\":2.0}");
  }

  @Test
  void truthOfAKindOfInsightIsOneFlatObject() {
    OptionalDouble none = OptionalDouble.empty();
    TruthResult.Kind kind =
        new TruthResult.Kind(
            4,
            2,
            0.5,
            new TruthResult.Coverage(OptionalDouble.of(0.9), none),
            new TruthResult.Bias(OptionalDouble.of(0.1), OptionalDouble.of(0.2), none),
            new TruthResult.Power(OptionalDouble.of(0.3), none));
    assertThat(Json.write(kind))
        .isEqualTo(
            "{\"tested\":4,\"reported\":2,\"false_discovery_rate\":0.5,\"coverage\":0.9,"
                + "\"coverage_reported\":null,\"plain_bias\":0.1,\"bias\":0.2,"
                + "\"bias_reduction\":null,\"power\":0.3,\"power_large\":null}");
  }

  @Test
  void resultsOfLanguageModelsAreOneFlatObject() {
    LlmBench.Billing billing = new LlmBench.Billing(10, 11, 1);
    String billed = "{\"prompts\":10,\"calls\":11,\"failures\":1}";
    LlmBench.Result result =
        new LlmBench.Result(
            new LlmBench.Billed(billing, 0, billing, billing, 5, billing),
            Map.of("ok", 10L),
            new LlmBench.Speed(
                new LlmSpeedBench.Rate(0.9, 0.1), new LlmSpeedBench.Overhead(1, 2), 900, 3),
            new SpendSimulation.Result(1, 2, 3, 4, 0, 0));
    assertThat(Json.write(result))
        .isEqualTo(
            ("{\"clean\":%s,\"rerunCalls\":0,\"killedTasks\":%s,\"failedTasks\":%s,\"sqlTwice\":5,"
                    + "\"killedProcesses\":%s,\"garbage\":{\"ok\":10},\"rateShare\":0.9,"
                    + "\"earlyShare\":0.1,\"overheadP50Millis\":1.0,\"overheadP95Millis\":2.0,"
                    + "\"requestsPerSecond\":900.0,\"cpuMillis\":3.0,\"simulated\":{\"batches\":1,"
                    + "\"calls\":2,\"unknown\":3,\"refused\":4,\"overspent\":0,\"askedTwice\":0}}")
                .formatted(billed, billed, billed, billed));
  }
}
