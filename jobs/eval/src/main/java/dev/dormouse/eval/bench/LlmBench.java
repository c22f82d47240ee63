package dev.dormouse.eval.bench;

import dev.dormouse.config.LlmSettings;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkSessions;
import dev.dormouse.llm.DirectBatches;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.llm.LlmJobs;
import dev.dormouse.llm.LlmReply;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.llm.LlmStatus;
import dev.dormouse.llm.fixture.FakeModelServer;
import dev.dormouse.llm.fixture.SampleQuestions;
import dev.dormouse.model.Micros;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** Batches of questions against a server that fails on purpose: what is billed, and how fast. */
public final class LlmBench {
  /** Counted by tasks, which run in this process. */
  private static final AtomicInteger FAILURES = new AtomicInteger();

  private static final int PARALLEL = 64;
  private static final int FAST = 10_000_000;
  private static final double FAILING_TASKS = 0.2;
  private static final double GARBAGE = 0.05;
  private static final double MOCK_PER_SECOND = 1_000;

  private final Path home;
  private final Path scratch;
  private final Clock clock;
  private final Consumer<String> progress;

  /**
   * @param home where {@code ./dormouse} lies
   * @param scratch an empty directory
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
   * @param failures tasks or processes that were made to fail
   */
  public record Billing(long prompts, long calls, int failures) {
    /** Calls a unique prompt; 1 is perfect. */
    public double callsPerPrompt() {
      return (double) calls / prompts;
    }
  }

  /**
   * All figures.
   *
   * @param clean without faults
   * @param rerunCalls when the same batch is asked again
   * @param killedTasks with a share of the tasks killed from outside
   * @param failedTasks with a share of the tasks of a query by SQL failing after they asked
   * @param sqlTwice calls for one more filter and one more action of that query
   * @param killedProcesses with processes killed in the middle
   * @param garbage how replies ended where some are no JSON
   * @param rateShare of the permitted rate
   * @param earlyShare requests that came too early for the server
   * @param overheadP50Millis of one call, without the server's time
   * @param overheadP95Millis likewise
   * @param requestsPerSecond of a whole batch, with Spark, the journal and the table
   * @param cpuMillis of a call in such a batch, the server's part included
   * @param simulated books of simulated batches
   */
  public record Result(
      Billing clean,
      long rerunCalls,
      Billing killedTasks,
      Billing failedTasks,
      long sqlTwice,
      Billing killedProcesses,
      Map<String, Long> garbage,
      double rateShare,
      double earlyShare,
      double overheadP50Millis,
      double overheadP95Millis,
      double requestsPerSecond,
      double cpuMillis,
      SpendSimulation.Result simulated) {
    public Result {
      garbage = Map.copyOf(garbage);
    }
  }

  /** Asks so many prompts in each part, and simulates so many batches. */
  public Result run(int prompts, long simulations) throws IOException, InterruptedException {
    say("simulating " + simulations + " batches");
    SpendSimulation.Result simulated = SpendSimulation.run(1, simulations);
    say("one call after the other");
    double[] overhead = overhead(Math.min(prompts, 2_000));
    say("a limited rate");
    double[] rate = rate(Math.min(prompts, 3_000));
    say("killed processes");
    Billing processes = killedProcesses(prompts);
    SparkSession spark = SparkSessions.embedded("bench", 4);
    // Tasks that fail on purpose would fill the screen.
    spark.sparkContext().setLogLevel("OFF");
    try {
      say("a batch without faults, twice");
      double[] speed = new double[3];
      Billing clean = clean(spark, prompts, speed);
      say("killed tasks");
      Billing tasks = killedTasks(spark, prompts);
      say("failing tasks");
      long[] twice = new long[1];
      Billing failed = failedTasks(spark, Math.min(prompts, 4_000), twice);
      say("garbage");
      return new Result(
          clean,
          (long) speed[1],
          tasks,
          failed,
          twice[0],
          processes,
          garbage(spark, Math.min(prompts, 4_000)),
          rate[0],
          rate[1],
          overhead[0],
          overhead[1],
          speed[0],
          speed[2],
          simulated);
    } finally {
      spark.stop();
    }
  }

  private void say(String what) {
    progress.accept("bench llm: " + what + " ...");
  }

  /**
   * How a real model did.
   *
   * @param replies by status
   * @param validShare of its replies, after one repair
   * @param inputTokens of all
   * @param outputTokens of all
   * @param usd at the prices of the bench, which are not the model's
   * @param seconds for all
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

  /** Asks a real server, one question after the other. */
  public Real real(String url, int prompts) {
    LlmSettings settings = SampleQuestions.settings(url, FAST, 1);
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

  private static Map<String, Long> statuses(List<LlmReply> replies) {
    return replies.stream()
        .collect(
            Collectors.groupingBy(
                reply -> reply.status().id(), TreeMap::new, Collectors.counting()));
  }

  private static FakeModelServer server(FakeModelServer.Faults faults) throws IOException {
    return new FakeModelServer(faults, prompt -> Json.write(Map.of("answer", prompt)));
  }

  private static FakeModelServer.Faults mock(double garbage, long seed) {
    return new FakeModelServer.Faults(MOCK_PER_SECOND, Duration.ofMillis(20), garbage, 0, 0, seed);
  }

  private SparkLake lake(SparkSession spark, String name) {
    return SparkLake.at(spark, scratch.resolve(name));
  }

  /** Fast as the mock permits; the second time it is measured, the first time it warms up. */
  private Billing clean(SparkSession spark, int prompts, double[] speedAndRerun)
      throws IOException {
    try (FakeModelServer server = server(mock(0, 1))) {
      LlmBatches batches =
          LlmJobs.on(
              lake(spark, "clean"),
              SampleQuestions.settings(server.url(), perMinute(MOCK_PER_SECOND), PARALLEL),
              clock);
      batches.ask(SampleQuestions.requests("warm", 3_000));
      List<LlmRequest> requests = SampleQuestions.requests("clean", prompts);
      long warm = server.billed();
      long start = System.nanoTime();
      long cpu = cpuNanos();
      batches.ask(requests);
      speedAndRerun[0] = prompts / ((System.nanoTime() - start) / 1e9);
      speedAndRerun[2] = (cpuNanos() - cpu) / 1e6 / prompts;
      Billing billing = new Billing(prompts, server.billed() - warm, 0);
      long before = server.requests();
      batches.ask(requests);
      speedAndRerun[1] = server.requests() - before;
      return billing;
    }
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private static int perMinute(double perSecond) {
    return (int) (perSecond * 60);
  }

  /** A share of all tasks that ask is killed by Spark, some time after they began. */
  private Billing killedTasks(SparkSession spark, int prompts) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    AtomicInteger killed = new AtomicInteger();
    SparkListener killer =
        new SparkListener() {
          @Override
          public void onTaskStart(SparkListenerTaskStart start) {
            if (random.nextDouble() < FAILING_TASKS) {
              killed.incrementAndGet();
              CompletableFuture.delayedExecutor(random.nextLong(20, 400), TimeUnit.MILLISECONDS)
                  .execute(
                      () ->
                          spark
                              .sparkContext()
                              .killTaskAttempt(start.taskInfo().taskId(), true, "bench"));
            }
          }
        };
    try (FakeModelServer server = server(mock(0, 2))) {
      LlmBatches batches =
          LlmJobs.on(
              lake(spark, "killed"), SampleQuestions.settings(server.url(), FAST, 16), clock);
      spark.sparkContext().addSparkListener(killer);
      long replies;
      try {
        replies =
            batches.ask(SampleQuestions.requests("killed", prompts)).stream()
                .filter(reply -> reply.status() == LlmStatus.OK)
                .count();
      } finally {
        spark.sparkContext().removeSparkListener(killer);
      }
      return new Billing(replies, server.billed(), killed.get());
    }
  }

  /** A query by SQL whose tasks fail after they have asked; then a filter, and another action. */
  private Billing failedTasks(SparkSession spark, int prompts, long[] callsOfMore)
      throws IOException {
    try (FakeModelServer server = server(mock(0, 3))) {
      LlmJobs.register(
          spark, scratch.resolve("sql"), SampleQuestions.settings(server.url(), FAST, 16), clock);
      FAILURES.set(0);
      spark
          .udf()
          .register(
              "fail_at_times", (UDF1<String, String>) LlmBench::failAtTimes, DataTypes.StringType);
      spark
          .createDataset(
              SampleQuestions.requests("sql", prompts).stream().map(LlmRequest::prompt).toList(),
              Encoders.STRING())
          .repartition(40)
          .toDF("prompt")
          .createOrReplaceTempView("prompts");
      String query =
          "SELECT r.*, fail_at_times(prompt) AS p FROM (SELECT prompt, llm_generate(prompt, '"
              + SampleQuestions.SCHEMA
              + "') AS r FROM prompts)";
      long rows = spark.sql(query).where("status = 'ok'").collectAsList().size();
      Billing billing = new Billing(rows, server.billed(), FAILURES.get());
      spark.sql(query).where("reply LIKE '%1%'").collectAsList();
      callsOfMore[0] = server.billed() - billing.calls();
      return billing;
    }
  }

  /** Fails in the middle of the first attempt of every fifth task. */
  private static String failAtTimes(String prompt) {
    TaskContext task = TaskContext.get();
    if (task.attemptNumber() == 0 && task.partitionId() % 5 == 0 && prompt.endsWith("7")) {
      FAILURES.incrementAndGet();
      throw new IllegalStateException("failing on purpose");
    }
    return prompt;
  }

  /** Processes that ask the same batch, each killed in the middle, until the last may end. */
  private Billing killedProcesses(int prompts) throws IOException, InterruptedException {
    int kills = 0;
    try (FakeModelServer server = server(mock(0, 4))) {
      SplittableRandom random = new SplittableRandom(4);
      while (true) {
        long goal =
            kills < 5
                ? (long) (prompts * (kills + random.nextDouble(0.1, 0.9)) / 6)
                : Long.MAX_VALUE;
        Process process =
            new ProcessBuilder(
                    home.resolve("dormouse").toString(),
                    "ask-for-bench",
                    scratch.resolve("processes").toString(),
                    server.url(),
                    Integer.toString(prompts))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        while (process.isAlive() && server.billed() < goal) {
          process.waitFor(2, TimeUnit.MILLISECONDS);
        }
        if (!process.isAlive()) {
          if (process.exitValue() != 0) {
            throw new IllegalStateException(
                "A process of the bench failed: " + process.exitValue());
          }
          return new Billing(server.prompts(), server.billed(), kills);
        }
        process.destroyForcibly().waitFor();
        kills++;
      }
    }
  }

  /** What one such process does. */
  public static void ask(Path lake, String url, int prompts, Clock clock) {
    new DirectBatches(lake, SampleQuestions.settings(url, FAST, 8), clock)
        .ask(SampleQuestions.requests("process", prompts));
  }

  private Map<String, Long> garbage(SparkSession spark, int prompts) throws IOException {
    try (FakeModelServer server = server(mock(GARBAGE, 5))) {
      List<LlmReply> replies =
          LlmJobs.on(
                  lake(spark, "garbage"), SampleQuestions.settings(server.url(), FAST, 16), clock)
              .ask(SampleQuestions.requests("garbage", prompts));
      return statuses(replies);
    }
  }

  /** A server that permits 100 a second, told so by settings; the first second is its burst. */
  private double[] rate(int prompts) throws IOException {
    double perSecond = 100;
    try (FakeModelServer server =
        server(new FakeModelServer.Faults(perSecond, Duration.ofMillis(50), 0, 0, 0, 6))) {
      DirectBatches batches =
          new DirectBatches(
              scratch.resolve("rate"),
              SampleQuestions.settings(server.url(), perMinute(perSecond), 32),
              clock);
      long start = System.nanoTime();
      batches.ask(SampleQuestions.requests("rate", prompts));
      double seconds = (System.nanoTime() - start) / 1e9;
      return new double[] {
        prompts / seconds / perSecond, (double) server.refusals() / server.requests()
      };
    }
  }

  /** Time of one call less the server's, at the median and the 95th percentile, in ms. */
  private double[] overhead(int calls) throws IOException {
    try (FakeModelServer server =
        server(new FakeModelServer.Faults(1e9, Duration.ofMillis(5), 0, 0, 0, 7))) {
      DirectBatches batches =
          new DirectBatches(
              scratch.resolve("overhead"), SampleQuestions.settings(server.url(), FAST, 4), clock);
      SampleQuestions.requests("warm", 1_000).forEach(request -> batches.ask(List.of(request)));
      List<Double> millis = new ArrayList<>();
      for (LlmRequest request : SampleQuestions.requests("overhead", calls)) {
        long start = System.nanoTime();
        batches.ask(List.of(request));
        millis.add((System.nanoTime() - start - server.nanos(request.prompt())) / 1e6);
      }
      double[] sorted = millis.stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      return new double[] {sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.95)]};
    }
  }
}
