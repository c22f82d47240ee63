package dev.dormouse.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.fixture.FakeModelServer;
import dev.dormouse.llm.fixture.FakeModelServer.Faults;
import dev.dormouse.llm.fixture.SampleQuestions;
import dev.dormouse.table.LlmCallsTable;
import dev.dormouse.table.TableRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class LlmJobsTest {
  private final SparkSession spark = SparkExtension.spark();
  @TempDir Path directory;

  private static FakeModelServer server(double garbage) throws IOException {
    return new FakeModelServer(
        new Faults(1e9, Duration.ZERO, garbage, 0, 0, 3), prompt -> "{\"answer\":\"yes\"}");
  }

  private LlmJobs jobs(FakeModelServer server) {
    return LlmJobs.on(
        SparkLake.at(spark, directory),
        SampleQuestions.settings(server.url(), 1_000_000, 4),
        Clock.systemUTC());
  }

  @Test
  void everyQuestionGetsAReplyInOrderAndNoneIsAskedTwice() throws IOException {
    try (FakeModelServer server = server(0.3)) {
      List<LlmRequest> requests = new ArrayList<>(SampleQuestions.requests("batch", 30));
      requests.add(requests.get(3));
      LlmJobs jobs = jobs(server);
      List<LlmReply> replies = jobs.ask(requests);
      assertThat(replies)
          .extracting(LlmReply::requestHash)
          .containsExactlyElementsOf(requests.stream().map(LlmRequest::requestHash).toList());
      assertThat(replies)
          .extracting(LlmReply::status)
          .contains(LlmStatus.OK, LlmStatus.REPAIRED)
          .allMatch(LlmStatus::isFinal);

      List<TableRow> rows =
          SparkLake.at(spark, directory).kernel().read(LlmCallsTable.TABLE).rows();
      assertThat(rows).hasSize(30);
      assertThat(rows.stream().mapToDouble(row -> row.fraction("cost_usd")).sum()).isPositive();

      long calls = server.requests();
      Files.delete(LlmJournal.in(directory));
      List<LlmReply> again = jobs(server).ask(requests);
      assertThat(again).allMatch(LlmReply::cached);
      assertThat(again)
          .extracting(LlmReply::json, LlmReply::costMicroUsd, LlmReply::status)
          .containsExactlyElementsOf(
              replies.stream()
                  .map(reply -> tuple(reply.json(), reply.costMicroUsd(), reply.status()))
                  .toList());
      assertThat(server.requests()).as("calls for what the lake has").isEqualTo(calls);
    }
  }

  @Test
  void sqlAsksOncePerPromptWhateverIsDoneWithTheResult() throws IOException {
    try (FakeModelServer server = server(0)) {
      LlmJobs.register(
          spark,
          directory,
          SampleQuestions.settings(server.url(), 1_000_000, 4),
          Clock.systemUTC());
      spark
          .createDataset(List.of("a", "b", "c", "a"), Encoders.STRING())
          .toDF("prompt")
          .createOrReplaceTempView("llm_prompts");
      Dataset<Row> asked =
          spark.sql(
              "SELECT prompt, r.* FROM (SELECT prompt, llm_generate(prompt, '{\"type\":\"object\"}')"
                  + " AS r FROM llm_prompts) WHERE r.status = 'ok' AND r.tokens > 0");
      assertThat(asked.count()).isEqualTo(4);
      List<Row> rows = asked.collectAsList();
      assertThat(rows.get(0).<String>getAs("reply")).isEqualTo("{\"answer\":\"yes\"}");
      assertThat(rows.get(0).<Double>getAs("cost")).isPositive();
      assertThat(server.requests()).isEqualTo(3);
    }
  }
}
