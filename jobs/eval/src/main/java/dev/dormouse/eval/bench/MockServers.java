package dev.dormouse.eval.bench;

import dev.dormouse.llm.fixture.FakeModelServer;
import dev.dormouse.llm.fixture.FakeModelServer.Faults;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.time.Duration;

/** Starts the model servers that the LLM benchmarks ask; a server echoes the prompt. */
final class MockServers {
  /** The rate that {@link #fast} permits. */
  static final double PER_SECOND = 1_000;

  private record Echo(String answer) {}

  private MockServers() {}

  /**
   * Starts a server with short replies.
   *
   * @param garbage share of replies that are no JSON
   */
  static FakeModelServer fast(double garbage, long seed) throws IOException {
    return start(new Faults(PER_SECOND, Duration.ofMillis(20), garbage, 0, 0, seed));
  }

  static FakeModelServer start(Faults faults) throws IOException {
    return new FakeModelServer(faults, prompt -> Json.write(new Echo(prompt)));
  }
}
