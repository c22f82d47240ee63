package dev.dormouse.llm;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.dormouse.config.LlmSettings;
import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.LlmTasks.EngineAccess;
import dev.dormouse.model.Micros;
import dev.dormouse.table.Json;
import dev.dormouse.table.LlmCallsTable;
import dev.dormouse.table.SparkTypes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Asks by Spark jobs: skips questions that {@code llm_calls} has answers to, asks the others by the
 * {@link LlmEngine} of the executors, and merges the answers into {@code llm_calls}. A retried task
 * finds the answers of its earlier attempts in the journal.
 *
 * <p>On a cluster, all executors must see the lake's directory and have the provider's key in their
 * environment.
 */
public final class LlmJobs implements LlmBatches {
  /** Name of the SQL function. */
  public static final String FUNCTION = "llm_generate";

  private static final String REPLY_TYPE =
      "struct<status: string, reply: string, tokens: bigint, cost: double>";
  private static final int QUESTIONS_PER_TASK = 250;
  private static final double MICROS = Micros.PER_UNIT;

  private final SparkLake lake;
  private final EngineAccess access;

  private LlmJobs(SparkLake lake, EngineAccess access) {
    this.lake = lake;
    this.access = access;
  }

  /**
   * Uses the journal and the table {@code llm_calls} of this lake.
   *
   * @throws dev.dormouse.config.BadInputException if the provider's key is not in the environment
   */
  public static LlmJobs on(SparkLake lake, LlmSettings settings, Clock clock) {
    LlmEngine.apiKey(settings);
    lake.create(LlmCallsTable.TABLE);
    return new LlmJobs(lake, EngineAccess.in(lake.kernel().root(), settings, clock));
  }

  /**
   * Registers {@code llm_generate(prompt, schema)} in a session; it returns a struct of status,
   * reply, tokens and cost in dollars. Each task asks its rows one after the other; for many rows
   * use {@link #ask}.
   */
  public static void register(SparkSession spark, Path lake, LlmSettings settings, Clock clock) {
    LlmEngine.apiKey(settings);
    spark
        .udf()
        .register(
            FUNCTION,
            new LlmTasks.Generate(EngineAccess.in(lake, settings, clock)),
            DataType.fromDDL(REPLY_TYPE));
  }

  @Override
  public List<LlmReply> ask(List<LlmRequest> requests) {
    if (requests.isEmpty()) {
      return List.of();
    }
    Map<String, LlmReply> replies = new HashMap<>();
    Dataset<Row> questions =
        lake.spark()
            .createDataset(
                requests.stream()
                    .map(request -> new Tuple2<>(request.requestHash(), Json.write(request)))
                    .toList(),
                Encoders.tuple(Encoders.STRING(), Encoders.STRING()))
            .toDF("request_hash", "request")
            .dropDuplicates("request_hash");
    known(questions).forEach(reply -> replies.put(reply.requestHash(), reply));
    dispatch(questions, partitions(requests.size()))
        .forEach(reply -> replies.put(reply.requestHash(), reply));
    access.engine().endBatch(requests.get(0), replies.values());
    return requests.stream().map(request -> replies.get(request.requestHash())).toList();
  }

  /** Small tasks lose little when they are killed, but each costs some milliseconds. */
  private int partitions(int questions) {
    return Math.max(
        lake.spark().sparkContext().defaultParallelism(), questions / QUESTIONS_PER_TASK);
  }

  private Dataset<Row> answered() {
    return lake.read(LlmCallsTable.TABLE).where(col("model").equalTo(lit(access.model())));
  }

  /** Returns the replies that the lake has. */
  private List<LlmReply> known(Dataset<Row> questions) {
    Dataset<Row> rows =
        answered()
            .join(questions.select("request_hash"), "request_hash")
            .select(
                LlmCallsTable.TABLE.columns().stream()
                    .map(column -> col(column.name()))
                    .toArray(Column[]::new));
    return lake.collect(LlmCallsTable.TABLE, rows).stream()
        .map(
            row ->
                new LlmReply(
                    row.text("request_hash"),
                    LlmStatus.of(row.text("status")),
                    row.optionalText("parsed"),
                    row.number("prompt_tokens"),
                    row.number("reply_tokens"),
                    Math.round(row.fraction("cost_usd") * MICROS),
                    row.text("detail"),
                    true))
        .toList();
  }

  /** Asks the questions that the lake has no answer to, and merges the answers into it. */
  private List<LlmReply> dispatch(Dataset<Row> questions, int partitions) {
    Dataset<Row> known = answered().select("request_hash");
    Dataset<String> calls =
        questions
            .join(
                known,
                questions.col("request_hash").equalTo(known.col("request_hash")),
                "left_anti")
            .select("request")
            .as(Encoders.STRING())
            .repartition(partitions)
            .mapPartitions(new LlmTasks.AskAll(access), Encoders.STRING())
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<LlmReply> replies =
          calls
              .map((MapFunction<String, String>) LlmJobs::replyOf, Encoders.STRING())
              .collectAsList()
              .stream()
              .map(json -> Json.read(json, LlmReply.class))
              .toList();
      if (replies.stream().anyMatch(reply -> reply.status().isFinal())) {
        Instant now = access.clock().instant().truncatedTo(ChronoUnit.MICROS);
        lake.mergeNew(
            LlmCallsTable.TABLE,
            calls.mapPartitions(
                new LlmTasks.ToRows(access.model(), now),
                Encoders.row(SparkTypes.schema(LlmCallsTable.TABLE))));
      }
      return replies;
    } finally {
      calls.unpersist();
    }
  }

  private static String replyOf(String call) {
    return Json.write(Json.read(call, LlmTasks.Call.class).reply());
  }
}
