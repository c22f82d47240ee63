package dev.dormouse.eval.bench;

import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.DirectBatches;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.llm.LlmJobs;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.llm.fixture.FakeModelServer;
import dev.dormouse.llm.fixture.FakeModelServer.Faults;
import dev.dormouse.llm.fixture.SampleQuestions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.spark.sql.SparkSession;

/** Measures how fast batches of prompts are asked. */
final class LlmSpeedBench {
  private static final int PARALLEL = 64;

  private final Path scratch;
  private final Clock clock;

  LlmSpeedBench(Path scratch, Clock clock) {
    this.scratch = scratch;
    this.clock = clock;
  }

  /**
   * A batch without faults.
   *
   * @param rerunCalls calls when the same batch is asked again
   */
  record CleanBatch(
      LlmBench.Billing billing, long rerunCalls, double requestsPerSecond, double cpuMillis) {}

  /**
   * Use of a limited rate.
   *
   * @param rateShare share of the permitted rate that was used
   * @param earlyShare share of the requests that came too early for the server
   */
  public record Rate(double rateShare, double earlyShare) {}

  /** Time of one call without the server's time, in ms: median and 95th percentile. */
  public record Overhead(double overheadP50Millis, double overheadP95Millis) {}

  /** Asks a batch as fast as the server permits, after one batch to warm up; then asks again. */
  CleanBatch clean(SparkSession spark, int prompts) throws IOException {
    try (FakeModelServer server = MockServers.fast(0, 1)) {
      LlmBatches batches =
          LlmJobs.on(
              SparkLake.at(spark, scratch.resolve("clean")),
              SampleQuestions.settings(server.url(), perMinute(MockServers.PER_SECOND), PARALLEL),
              clock);
      batches.ask(SampleQuestions.requests("warm", 3_000));
      List<LlmRequest> requests = SampleQuestions.requests("clean", prompts);
      long warm = server.billed();
      long start = System.nanoTime();
      long cpu = cpuNanos();
      batches.ask(requests);
      double requestsPerSecond = prompts / ((System.nanoTime() - start) / 1e9);
      double cpuMillis = (cpuNanos() - cpu) / 1e6 / prompts;
      LlmBench.Billing billing = new LlmBench.Billing(prompts, server.billed() - warm, 0);
      long before = server.requests();
      batches.ask(requests);
      return new CleanBatch(billing, server.requests() - before, requestsPerSecond, cpuMillis);
    }
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private static int perMinute(double perSecond) {
    return (int) (perSecond * 60);
  }

  /** Asks a server whose limit, 100 requests a second, is known from the settings. */
  Rate rate(int prompts) throws IOException {
    double perSecond = 100;
    try (FakeModelServer server =
        MockServers.start(new Faults(perSecond, Duration.ofMillis(50), 0, 0, 0, 6))) {
      DirectBatches batches =
          new DirectBatches(
              scratch.resolve("rate"),
              SampleQuestions.settings(server.url(), perMinute(perSecond), 32),
              clock);
      long start = System.nanoTime();
      batches.ask(SampleQuestions.requests("rate", prompts));
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Rate(
          prompts / seconds / perSecond, (double) server.refusals() / server.requests());
    }
  }

  /** Asks one prompt after the other and subtracts the server's own time. */
  Overhead overhead(int calls) throws IOException {
    try (FakeModelServer server =
        MockServers.start(new Faults(1e9, Duration.ofMillis(5), 0, 0, 0, 7))) {
      DirectBatches batches =
          new DirectBatches(
              scratch.resolve("overhead"),
              SampleQuestions.settings(server.url(), LlmBench.UNLIMITED, 4),
              clock);
      SampleQuestions.requests("warm", 1_000).forEach(request -> batches.ask(List.of(request)));
      List<LlmRequest> requests = SampleQuestions.requests("overhead", calls);
      double[] millis = new double[requests.size()];
      for (int i = 0; i < millis.length; i++) {
        long start = System.nanoTime();
        batches.ask(List.of(requests.get(i)));
        millis[i] = (System.nanoTime() - start - server.nanos(requests.get(i).prompt())) / 1e6;
      }
      double[] percentiles = Quantile.withDefaults().evaluate(millis, new double[] {0.5, 0.95});
      return new Overhead(percentiles[0], percentiles[1]);
    }
  }
}
