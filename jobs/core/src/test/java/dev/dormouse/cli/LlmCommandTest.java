package dev.dormouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.llm.DirectBatches;
import dev.dormouse.llm.fixture.FakeModelServer;
import dev.dormouse.llm.fixture.SampleQuestions;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LlmCommandTest {
  @TempDir Path directory;

  private String status(String... arguments) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("d.properties"),
            "lake=lake\nllm.model=fake\nllm.price.fake=0.15, 0.60\nllm.cap.day.usd=2.5\n");
    CommandLine line = Dormouse.commandLine();
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out));
    String[] all = new String[arguments.length + 4];
    all[0] = "llm";
    all[1] = "status";
    all[2] = "--deployment";
    all[3] = file.toString();
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    assertThat(line.execute(all)).isZero();
    return out.toString();
  }

  @Test
  void showsWhatWasSpentUnderWhichCap() throws IOException {
    assertThat(status()).contains("Model fake", "Nothing was asked yet");
    try (FakeModelServer server =
        new FakeModelServer(FakeModelServer.Faults.none(), prompt -> "{\"answer\":\"yes\"}")) {
      DirectBatches batches =
          new DirectBatches(
              directory.resolve("lake"),
              SampleQuestions.settings(server.url(), 1_000_000, 4),
              Clock.systemUTC());
      batches.ask(SampleQuestions.requests("x", 3));
      batches.ask(SampleQuestions.requests("x", 3));
    }
    assertThat(status())
        .containsPattern("bench +3 +3 +\\d+ +0\\.0000\\d+ +0\\.00 +1\\.00")
        .containsPattern("\\d{4}-\\d\\d-\\d\\d +3 +3 .* 2\\.50")
        .contains("Replies of batches: 6, of which 3 were known before: {ok=6}");
    try (FakeModelServer refusing =
        new FakeModelServer(
            new FakeModelServer.Faults(1e9, Duration.ZERO, 0, 0, 1, 1), prompt -> "{}")) {
      new DirectBatches(
              directory.resolve("lake"),
              SampleQuestions.settings(refusing.url(), 1_000_000, 4),
              Clock.systemUTC())
          .ask(SampleQuestions.requests("y", 1));
    }
    assertThat(status()).contains("Last failure: ", "unanswered: no usable reply");
    assertThat(Json.mapper().readTree(status("--json")).at("/campaigns/bench/calls").asInt())
        .isEqualTo(4);
  }
}
