package dev.dormouse.llm;

import dev.dormouse.config.LlmSettings;
import dev.dormouse.model.Micros;
import dev.dormouse.table.Json;
import dev.dormouse.table.LlmCallsTable;
import dev.dormouse.table.SparkTypes;
import dev.dormouse.table.TableRow;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;

/** The part of {@link LlmJobs} that runs in Spark's tasks. */
final class LlmTasks {
  private static final String SQL_CAMPAIGN = "sql";
  private static final int SQL_REPLY_TOKENS = 1_024;
  private static final double MICROS = Micros.PER_UNIT;

  private LlmTasks() {}

  /** What a task needs to reach the engine of its process. */
  record EngineAccess(String journal, String settings, Clock clock) implements Serializable {
    static EngineAccess in(Path lake, LlmSettings settings, Clock clock) {
      return new EngineAccess(LlmJournal.in(lake).toString(), Json.write(settings), clock);
    }

    LlmEngine engine() {
      return LlmEngine.of(Json.read(settings, LlmSettings.class), Path.of(journal), clock);
    }

    String model() {
      return Json.read(settings, LlmSettings.class).model();
    }
  }

  /** A question with its reply, on its way from a task to the table. */
  record Call(LlmRequest request, LlmReply reply, String text, long latencyMs) {
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

  /** Asks the questions of a partition, as many at a time as the engine has threads. */
  record AskAll(EngineAccess access) implements MapPartitionsFunction<String, String> {
    @Override
    public Iterator<String> call(Iterator<String> questions) {
      LlmEngine engine = access.engine();
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

  /** Turns answered questions into rows of the table. */
  record ToRows(String model, Instant now) implements MapPartitionsFunction<String, Row> {
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
  record Generate(EngineAccess access) implements UDF2<String, String, Row> {
    @Override
    public Row call(String prompt, String schema) {
      if (prompt == null) {
        return null;
      }
      LlmReply reply =
          LlmEngine.await(
                  access
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
