package dev.dormouse.eval.bench;

import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.llm.LlmJobs;
import dev.dormouse.llm.LlmReply;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.llm.LlmStatus;
import dev.dormouse.llm.fixture.FakeModelServer;
import dev.dormouse.llm.fixture.SampleQuestions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** Measures what a server bills while tasks and processes that ask it fail. */
final class LlmFaultBench {
  /** Counts failures of tasks, which run in this process. */
  private static final AtomicInteger FAILURES = new AtomicInteger();

  private static final double FAILING_TASKS = 0.2;
  private static final double GARBAGE = 0.05;

  private final Path home;
  private final Path scratch;
  private final Clock clock;

  LlmFaultBench(Path home, Path scratch, Clock clock) {
    this.home = home;
    this.scratch = scratch;
    this.clock = clock;
  }

  /**
   * A batch asked by a SQL query.
   *
   * @param callsOfMore calls for one more filter and one more action
   */
  record SqlBatch(LlmBench.Billing billing, long callsOfMore) {}

  private SparkLake lake(SparkSession spark, String name) {
    return SparkLake.at(spark, scratch.resolve(name));
  }

  /** Lets Spark kill a share of the tasks some time after their start. */
  LlmBench.Billing killedTasks(SparkSession spark, int prompts) throws IOException {
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
    try (FakeModelServer server = MockServers.fast(0, 2)) {
      LlmBatches batches =
          LlmJobs.on(
              lake(spark, "killed"),
              SampleQuestions.settings(server.url(), LlmBench.UNLIMITED, 16),
              clock);
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
      return new LlmBench.Billing(replies, server.billed(), killed.get());
    }
  }

  /** Runs a SQL query whose tasks fail after they have asked; then adds a filter and an action. */
  SqlBatch failedTasks(SparkSession spark, int prompts) throws IOException {
    try (FakeModelServer server = MockServers.fast(0, 3)) {
      LlmJobs.register(
          spark,
          scratch.resolve("sql"),
          SampleQuestions.settings(server.url(), LlmBench.UNLIMITED, 16),
          clock);
      FAILURES.set(0);
      spark
          .udf()
          .register(
              "fail_at_times",
              (UDF1<String, String>) LlmFaultBench::failAtTimes,
              DataTypes.StringType);
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
      LlmBench.Billing billing = new LlmBench.Billing(rows, server.billed(), FAILURES.get());
      spark.sql(query).where("reply LIKE '%1%'").collectAsList();
      return new SqlBatch(billing, server.billed() - billing.calls());
    }
  }

  /** Throws in the middle of the first attempt of every fifth task. */
  private static String failAtTimes(String prompt) {
    TaskContext task = TaskContext.get();
    if (task.attemptNumber() == 0 && task.partitionId() % 5 == 0 && prompt.endsWith("7")) {
      FAILURES.incrementAndGet();
      throw new IllegalStateException("failing on purpose");
    }
    return prompt;
  }

  /** Starts processes that ask the same batch, kills each in the middle, and lets the last end. */
  LlmBench.Billing killedProcesses(int prompts) throws IOException, InterruptedException {
    int kills = 0;
    try (FakeModelServer server = MockServers.fast(0, 4)) {
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
          return new LlmBench.Billing(server.prompts(), server.billed(), kills);
        }
        process.destroyForcibly().waitFor();
        kills++;
      }
    }
  }

  Map<String, Long> garbage(SparkSession spark, int prompts) throws IOException {
    try (FakeModelServer server = MockServers.fast(GARBAGE, 5)) {
      List<LlmReply> replies =
          LlmJobs.on(
                  lake(spark, "garbage"),
                  SampleQuestions.settings(server.url(), LlmBench.UNLIMITED, 16),
                  clock)
              .ask(SampleQuestions.requests("garbage", prompts));
      return LlmBench.statuses(replies);
    }
  }
}
