package dev.dormouse.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.cli.Dormouse;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.io.SparkTest;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@SparkTest
class BenchCommandTest {
  @TempDir Path directory;
  private String out = "";
  private String err = "";

  @Test
  void measuresAGeneratedHistory() throws IOException {
    Path work = directory.resolve("work");
    assertThat(run("mine", "--runs", "1000", "--params", "8", "--dir", work.toString(), "--json"))
        .isZero();

    JsonNode measured = Json.mapper().readTree(out);
    assertThat(measured.path("runs").asLong()).isEqualTo(1000);
    assertThat(measured.path("parameters").asLong()).isEqualTo(8);
    assertThat(measured.path("seconds").asDouble()).isPositive();
    assertThat(measured.path("insights").asLong()).isPositive();
    assertThat(measured.has("growth")).as("too small to say anything of growth").isFalse();
    if (Files.exists(Path.of("/proc/self/status"))) {
      assertThat(measured.path("peak_memory_gb").asDouble()).isBetween(0.1, 100.0);
    }
    assertThat(measured.has("duckdb")).isEqualTo(!err.contains("No comparison with DuckDB"));
    assertThat(work.resolve("lake/runs/_delta_log")).exists();
  }

  @Test
  void refusesSizesThatMakeNoSense() {
    assertThat(run("mine", "--runs", "5")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("--runs is 5; it must be from 1000 to ");
    assertThat(run("mine", "--runs", "1000", "--params", "3")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("--params is 3; it must be from 8 to ");
    assertThat(run("mine")).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void leavesADirectoryAloneThatHoldsSomething() throws IOException {
    Path precious = Files.writeString(directory.resolve("precious"), "x");
    assertThat(run("mine", "--runs", "1000", "--dir", directory.toString()))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains(directory + " is not empty");
    assertThat(precious).exists();
  }

  @Test
  void countsHowOftenMiningTellsTheTruth() throws IOException {
    assertThat(run("truth", "--lakes", "1", "--seed", "4", "--json")).isZero();

    JsonNode counted = Json.mapper().readTree(out);
    assertThat(counted.path("lakes").asInt()).isEqualTo(1);
    assertThat(counted.path("effects").path("tested").asLong()).isPositive();
    assertThat(counted.path("effects").path("coverage").asDouble()).isBetween(0.0, 1.0);
    assertThat(counted.path("effects").has("false_discovery_rate")).isTrue();
    assertThat(counted.path("interactions").has("bias_reduction")).isTrue();
    assertThat(run("truth", "--lakes", "0")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("--lakes is 0; it must be from 1 to 10000.");
  }

  @Test
  void refusesSearchesThatCannotBe() throws IOException {
    String[] known = {
      "live", "--surfaces", directory.toString(), "--methods", "random", "--out", "unused"
    };
    assertThat(run(with(known, "--budget", "2"))).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("Budget is 2");
    assertThat(run(with(known, "--task", "nowhere"))).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("There is no surface of nowhere in " + directory);
    Files.writeString(directory.resolve("broken.json"), "{}");
    assertThat(run(known)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("Cannot search: ");
  }

  private static String[] with(String[] known, String... more) {
    return Stream.of(known, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private int run(String... arguments) {
    StringWriter output = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine commandLine =
        Dormouse.commandLine()
            .setOut(new PrintWriter(output, true))
            .setErr(new PrintWriter(errors, true));
    String[] all = new String[arguments.length + 1];
    all[0] = "bench";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int exitCode = commandLine.execute(all);
    out = output.toString();
    err = errors.toString();
    assertThat(exitCode).as(err).isNotEqualTo(ExitCode.BUG);
    return exitCode;
  }
}
