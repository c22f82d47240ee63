package dev.dormouse.llm;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.dormouse.config.LlmSettings;
import dev.dormouse.io.SparkLake;
import dev.dormouse.table.Json;
import dev.dormouse.table.LlmCallsTable;
import dev.dormouse.table.SparkTypes;
import dev.dormouse.table.TableRow;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Questions as Spark jobs: what {@code llm_calls} knows is left out, the rest is asked by {@link
 * LlmEngine} where the tasks run, and what was answered is merged into {@code llm_calls}. A task
 * that dies and runs again finds the answers of its predecessor in the journal.
 *
 * <p>On a cluster all executors must see the lake's directory, and have the provider's key in their
 * environment.
 */
public final class LlmJobs implements LlmBatches {
  /** The name of the SQL function. */
  public static final String FUNCTION = "llm_generate";

  private static final String REPLY_TYPE =
      "struct<status: string, reply: string, tokens: bigint, cost: double>";
  private static final String SQL_CAMPAIGN = "sql";
  private static final int QUESTIONS_PER_TASK = 250;
  private static final int SQL_REPLY_TOKENS = 1_024;
  private static final double MICROS = LlmSettings.MICROS;

  private final SparkLake lake;
  private final Asking asking;

  private LlmJobs(SparkLake lake, Asking asking) {
    this.lake = lake;
    this.asking = asking;
  }

  /**
   * Batches whose books are kept in this lake.
   *
   * @throws dev.dormouse.config.BadInputException if the provider's key is not in the environment
   */
  public static LlmJobs on(SparkLake lake, LlmSettings settings, Clock clock) {
    LlmEngine.apiKey(settings);
    lake.create(LlmCallsTable.TABLE);
    return new LlmJobs(lake, Asking.in(lake.kernel().root(), settings, clock));
  }

  /**
   * Makes {@code llm_generate(prompt, schema)} known to a session: a struct of status, reply,
   * tokens and cost in dollars. Rows are asked one after the other in each task; use {@link #ask}
   * where there are many.
   */
  public static void register(SparkSession spark, Path lake, LlmSettings settings, Clock clock) {
    LlmEngine.apiKey(settings);
    spark
        .udf()
        .register(
            FUNCTION, new Generate(Asking.in(lake, settings, clock)), DataType.fromDDL(REPLY_TYPE));
  }

  /** What tasks need to reach the engine of their process. */
  private record Asking(String journal, String settings, Clock clock) implements Serializable {
    static Asking in(Path lake, LlmSettings settings, Clock clock) {
      return new Asking(LlmJournal.in(lake).toString(), Json.write(settings), clock);
    }

    LlmEngine engine() {
      return LlmEngine.of(Json.read(settings, LlmSettings.class), Path.of(journal), clock);
    }

    String model() {
      return Json.read(settings, LlmSettings.class).model();
    }
  }

  /** One question with what became of it, on its way from a task to the table. */
  private record Call(LlmRequest request, LlmReply reply, String text, long latencyMs) {
    TableRow row(String model, Instant now) {
      return TableRow.of(LlmCallsTable.TABLE)
          .set("request_hash", reply.requestHash())
          .set("model", model)
          .set("campaign_id", request.campaignId())
          .set("purpose", request.purpose())
          .set("system", request.system())
          .set("prompt", request.prompt())
          .set("schema", request.schemaJson())
          .set("reply", text)
          .set("parsed", reply.json())
          .set("status", reply.status().id())
          .set("detail", reply.detail())
          .set("prompt_tokens", reply.inputTokens())
          .set("reply_tokens", reply.outputTokens())
          .set("cost_usd", reply.costMicroUsd() / MICROS)
          .set("latency_ms", latencyMs)
          .set("called_at", now)
          .build();
    }
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
    asking.engine().endBatch(requests.get(0), replies.values());
    return requests.stream().map(request -> replies.get(request.requestHash())).toList();
  }

  /** Small tasks lose little when they die; but each costs some milliseconds. */
  private int partitions(int questions) {
    return Math.max(
        lake.spark().sparkContext().defaultParallelism(), questions / QUESTIONS_PER_TASK);
  }

  private Dataset<Row> answered() {
    return lake.read(LlmCallsTable.TABLE).where(col("model").equalTo(lit(asking.model())));
  }

  /** Replies that the lake has. */
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

  /** Asks what the lake does not have, and puts there what was answered. */
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
            .mapPartitions(new AskAll(asking), Encoders.STRING())
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
        Instant now = asking.clock().instant().truncatedTo(ChronoUnit.MICROS);
        lake.mergeNew(
            LlmCallsTable.TABLE,
            calls.mapPartitions(
                new Rows(asking.model(), now),
                Encoders.row(SparkTypes.schema(LlmCallsTable.TABLE))));
      }
      return replies;
    } finally {
      calls.unpersist();
    }
  }

  private static String replyOf(String call) {
    return Json.write(Json.read(call, Call.class).reply());
  }

  /** Asks the questions of a partition, as many at a time as the engine has threads. */
  private record AskAll(Asking asking) implements MapPartitionsFunction<String, String> {
    @Override
    public Iterator<String> call(Iterator<String> questions) {
      LlmEngine engine = asking.engine();
      Queue<LlmRequest> asked = new ArrayDeque<>();
      Queue<CompletableFuture<LlmEngine.Reply>> replies = new ArrayDeque<>();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return questions.hasNext() || !asked.isEmpty();
        }

        @Override
        public String next() {
          while (questions.hasNext() && asked.size() < engine.parallelCalls()) {
            LlmRequest request = Json.read(questions.next(), LlmRequest.class);
            asked.add(request);
            replies.add(engine.ask(request));
          }
          LlmEngine.Reply reply = LlmEngine.await(replies.remove());
          return Json.write(
              new Call(asked.remove(), reply.reply(), reply.text(), reply.latency().toMillis()));
        }
      };
    }
  }

  /** What was answered, as rows of the table. */
  private record Rows(String model, Instant now) implements MapPartitionsFunction<String, Row> {
    @Override
    public Iterator<Row> call(Iterator<String> calls) {
      Iterable<String> all = () -> calls;
      return StreamSupport.stream(all.spliterator(), false)
          .map(json -> Json.read(json, Call.class))
          .filter(call -> call.reply().status().isFinal())
          .map(call -> SparkTypes.toSpark(call.row(model, now)))
          .iterator();
    }
  }

  /** The SQL function. */
  private record Generate(Asking asking) implements UDF2<String, String, Row> {
    @Override
    public Row call(String prompt, String schema) {
      if (prompt == null) {
        return null;
      }
      LlmReply reply =
          LlmEngine.await(
                  asking
                      .engine()
                      .ask(
                          new LlmRequest(
                              SQL_CAMPAIGN,
                              SQL_CAMPAIGN,
                              "",
                              prompt,
                              Optional.ofNullable(schema).orElse(""),
                              SQL_REPLY_TOKENS)))
              .reply();
      return RowFactory.create(
          reply.status().id(),
          reply.json().orElse(null),
          reply.inputTokens() + reply.outputTokens(),
          reply.costMicroUsd() / MICROS);
    }
  }
}
