package dev.dormouse.eval.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.dormouse.config.LlmSettings;
import dev.dormouse.io.SparkSessions;
import dev.dormouse.llm.DirectBatches;
import dev.dormouse.llm.LlmReply;
import dev.dormouse.llm.fixture.SampleQuestions;
import dev.dormouse.model.Micros;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Measures batches of prompts against a mock server that fails on purpose: what is billed ({@link
 * LlmFaultBench}) and how fast it is ({@link LlmSpeedBench}).
 */
public final class LlmBench {
  /** A rate limit that is never reached, requests per minute. */
  static final int UNLIMITED = 10_000_000;

  private final Path home;
  private final Path scratch;
  private final Clock clock;
  private final Consumer<String> progress;

  /**
   * Prepares a benchmark.
   *
   * @param home directory that holds {@code ./dormouse}
   * @param scratch an empty directory
   * @param progress receives one line per step
   */
  public LlmBench(Path home, Path scratch, Clock clock, Consumer<String> progress) {
    this.home = home;
    this.scratch = scratch;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * What a server billed for prompts.
   *
   * @param prompts number of different prompts
   * @param calls number of calls billed
   * @param failures number of tasks or processes that were made to fail
   */
  public record Billing(long prompts, long calls, int failures) {
    /** Returns the calls per prompt; 1 is perfect. */
    public double callsPerPrompt() {
      return (double) calls / prompts;
    }
  }

  /**
   * All figures; written as one flat JSON object.
   *
   * @param garbage number of replies by status where some replies are no JSON
   * @param simulated spending of simulated batches
   */
  public record Result(
      @JsonUnwrapped Billed billed,
      Map<String, Long> garbage,
      @JsonUnwrapped Speed speed,
      SpendSimulation.Result simulated) {
    public Result {
      garbage = Map.copyOf(garbage);
    }
  }

  /**
   * What was billed.
   *
   * @param clean without faults
   * @param rerunCalls calls when the same batch is asked again
   * @param killedTasks with a share of the tasks killed from outside
   * @param failedTasks with a share of the tasks of a SQL query failing after they asked
   * @param sqlTwice calls for one more filter and one more action of that query
   * @param killedProcesses with processes killed in the middle
   */
  public record Billed(
      Billing clean,
      long rerunCalls,
      Billing killedTasks,
      Billing failedTasks,
      long sqlTwice,
      Billing killedProcesses) {}

  /**
   * How fast it is.
   *
   * @param requestsPerSecond of a whole batch, with Spark, the journal and the table
   * @param cpuMillis processor time per call in such a batch, the server's part included
   */
  public record Speed(
      @JsonUnwrapped LlmSpeedBench.Rate rate,
      @JsonUnwrapped LlmSpeedBench.Overhead overhead,
      double requestsPerSecond,
      double cpuMillis) {}

  /**
   * Runs all parts.
   *
   * @param prompts number of prompts of each part
   * @param simulations number of simulated batches
   */
  public Result run(int prompts, long simulations) throws IOException, InterruptedException {
    LlmSpeedBench speed = new LlmSpeedBench(scratch, clock);
    LlmFaultBench faults = new LlmFaultBench(home, scratch, clock);
    say("simulating " + simulations + " batches");
    SpendSimulation.Result simulated = SpendSimulation.run(1, simulations);
    say("one call after the other");
    LlmSpeedBench.Overhead overhead = speed.overhead(Math.min(prompts, 2_000));
    say("a limited rate");
    LlmSpeedBench.Rate rate = speed.rate(Math.min(prompts, 3_000));
    say("killed processes");
    Billing processes = faults.killedProcesses(prompts);
    SparkSession spark = SparkSessions.embedded("bench", 4);
    // Tasks that fail on purpose would flood the terminal.
    spark.sparkContext().setLogLevel("OFF");
    try {
      say("a batch without faults, twice");
      LlmSpeedBench.CleanBatch clean = speed.clean(spark, prompts);
      say("killed tasks");
      Billing tasks = faults.killedTasks(spark, prompts);
      say("failing tasks");
      LlmFaultBench.SqlBatch sql = faults.failedTasks(spark, Math.min(prompts, 4_000));
      say("garbage");
      return new Result(
          new Billed(
              clean.billing(),
              clean.rerunCalls(),
              tasks,
              sql.billing(),
              sql.callsOfMore(),
              processes),
          faults.garbage(spark, Math.min(prompts, 4_000)),
          new Speed(rate, overhead, clean.requestsPerSecond(), clean.cpuMillis()),
          simulated);
    } finally {
      spark.stop();
    }
  }

  private void say(String what) {
    progress.accept("bench llm: " + what + " ...");
  }

  /**
   * Results of a real model.
   *
   * @param replies number of replies by status
   * @param validShare share of valid replies, after one repair
   * @param inputTokens of all replies
   * @param outputTokens of all replies
   * @param usd at the prices of the bench, which are not the model's
   * @param seconds for all replies
   */
  public record Real(
      Map<String, Long> replies,
      double validShare,
      long inputTokens,
      long outputTokens,
      double usd,
      double seconds) {
    public Real {
      replies = Map.copyOf(replies);
    }
  }

  /** Asks a real server, one prompt after the other. */
  public Real real(String url, int prompts) {
    LlmSettings settings = SampleQuestions.settings(url, UNLIMITED, 1);
    long start = System.nanoTime();
    List<LlmReply> replies =
        new DirectBatches(scratch.resolve("real"), settings, clock)
            .ask(SampleQuestions.requests("Name one parameter of a click model. Number", prompts));
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Real(
        statuses(replies),
        (double) replies.stream().filter(reply -> reply.json().isPresent()).count() / prompts,
        replies.stream().mapToLong(LlmReply::inputTokens).sum(),
        replies.stream().mapToLong(LlmReply::outputTokens).sum(),
        replies.stream().mapToLong(LlmReply::costMicroUsd).sum() / (double) Micros.PER_UNIT,
        seconds);
  }

  static Map<String, Long> statuses(List<LlmReply> replies) {
    return replies.stream()
        .collect(
            Collectors.groupingBy(
                reply -> reply.status().id(), TreeMap::new, Collectors.counting()));
  }

  /** Asks a batch as one of the processes that {@code bench llm} starts and kills. */
  public static void ask(Path lake, String url, int prompts, Clock clock) {
    new DirectBatches(lake, SampleQuestions.settings(url, UNLIMITED, 8), clock)
        .ask(SampleQuestions.requests("process", prompts));
  }
}
