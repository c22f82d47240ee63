package dev.dormouse.io;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Metric;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.StatedDirection;
import dev.dormouse.model.StudyKey;
import dev.dormouse.table.ColumnType;
import dev.dormouse.table.InboxTable;
import dev.dormouse.table.InsightsTable;
import dev.dormouse.table.Json;
import dev.dormouse.table.PlansTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.StudyFactsTable;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class LakeTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");

  private static final Table EVERY_TYPE =
      Table.named("every_type", Table.Writer.KERNEL, "One column of every type")
          .required("id", ColumnType.STRING, "The row")
          .optional("a_long", ColumnType.LONG, "A long")
          .optional("an_int", ColumnType.INT, "An int")
          .optional("a_double", ColumnType.DOUBLE, "A double")
          .optional("a_boolean", ColumnType.BOOLEAN, "A boolean")
          .optional("an_instant", ColumnType.TIMESTAMP, "An instant")
          .optional("texts", ColumnType.STRINGS, "Texts")
          .optional("text_map", ColumnType.STRING_MAP, "Texts by text")
          .optional("number_map", ColumnType.DOUBLE_MAP, "Numbers by text")
          .optional("floats", ColumnType.FLOATS, "Floats")
          .key("id")
          .build();

  @TempDir static Path root;
  private static SparkLake lake;

  @BeforeAll
  static void createLake() {
    lake = SparkExtension.emptyLake(root);
  }

  @Test
  void everyTableExistsWithCommentsOnItsColumns() {
    for (Table table : Tables.ALL) {
      assertThat(lake.version(table)).as(table.name()).isNotNegative();
      for (var field : lake.read(table).schema().fields()) {
        assertThat(field.getComment().isDefined()).as(table.name() + "." + field.name()).isTrue();
      }
    }
  }

  @Test
  void noTableNeedsAReaderThatPolarsAndDuckDbLack() throws IOException {
    for (Table table : Tables.ALL) {
      Path firstCommit = root.resolve(table.name()).resolve("_delta_log/00000000000000000000.json");
      JsonNode protocol =
          Files.readAllLines(firstCommit).stream()
              .map(line -> Json.read(line, JsonNode.class).path("protocol"))
              .filter(JsonNode::isObject)
              .findFirst()
              .orElseThrow();
      assertThat(protocol.path("minReaderVersion").asInt()).as(table.name()).isEqualTo(1);
      assertThat(protocol.has("readerFeatures")).as(table.name()).isFalse();
    }
  }

  @Test
  void runsWrittenWithoutSparkAreReadBySparkAndBack() {
    Run run = run("kernel-1");
    lake.kernel().append(RunsTable.TABLE, List.of(RunsTable.encode(run)));

    Dataset<Row> read = lake.read(RunsTable.TABLE).where("run_id = 'kernel-1'");
    assertThat(lake.collect(RunsTable.TABLE, read).stream().map(RunsTable::decode))
        .containsExactly(run);
    assertThat(decoded("kernel-1")).containsExactly(run);
  }

  @Test
  void runsWrittenBySparkAreReadWithoutSpark() {
    Run run = run("spark-1");
    assertThat(
            lake.mergeNew(
                RunsTable.TABLE, lake.rows(RunsTable.TABLE, List.of(RunsTable.encode(run)))))
        .isEqualTo(1);
    assertThat(
            lake.mergeNew(
                RunsTable.TABLE, lake.rows(RunsTable.TABLE, List.of(RunsTable.encode(run)))))
        .isZero();

    assertThat(decoded("spark-1")).containsExactly(run);
  }

  @Test
  void aRowThatIsAddedTwiceIsThereOnceAndComesBackAfterItWasRemoved() throws Exception {
    StatedDirection stated =
        new StatedDirection("s", "ndcg", Direction.MAXIMIZE, Metric.Basis.OBJECTIVE, "of a test");
    TableRow row = StudyFactsTable.encode(stated);
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> adding =
          List.of(two.submit(() -> lake.addNew(row)), two.submit(() -> lake.addNew(row)));
      for (Future<?> added : adding) {
        added.get();
      }
    } finally {
      two.shutdown();
    }
    assertThat(lake.kernel().read(StudyFactsTable.TABLE).rows()).containsExactly(row);
    lake.replaceWhere(
        StudyFactsTable.TABLE, "study = 's'", lake.rows(StudyFactsTable.TABLE, List.of()));
    assertThat(lake.kernel().read(StudyFactsTable.TABLE).rows()).isEmpty();
    lake.addNew(row);
    lake.addNew(row);
    assertThat(lake.kernel().read(StudyFactsTable.TABLE).rows()).containsExactly(row);
  }

  @Test
  void everyTypeAndMissingValueSurvivesBothEngines() {
    KernelLake kernel = lake.kernel();
    kernel.create(EVERY_TYPE);
    TableRow full =
        everyType("full")
            .set("a_long", Long.MIN_VALUE)
            .set("an_int", -7)
            .set("a_double", 1e-300)
            .set("a_boolean", true)
            .set("an_instant", NOON)
            .set("texts", List.of("a", ""))
            .set("text_map", Map.of("k", "[64,32]", "empty", ""))
            .set("number_map", Map.of("auc", 0.75))
            .set("floats", List.of(0.5f, -1f))
            .build();
    TableRow empty = everyType("empty").build();
    kernel.append(EVERY_TYPE, List.of(full, empty));

    assertThat(kernel.read(EVERY_TYPE).rows()).containsExactlyInAnyOrder(full, empty);
    Dataset<Row> read = lake.read(EVERY_TYPE);
    assertThat(lake.collect(EVERY_TYPE, read)).containsExactlyInAnyOrder(full, empty);
    SparkExtension.assertSameRows(lake.rows(EVERY_TYPE, List.of(empty, full)), read.orderBy("id"));

    Dataset<Row> copies = read.withColumn("id", functions.concat(read.col("id"), lit("-copy")));
    lake.append(EVERY_TYPE, copies);
    assertThat(kernel.read(EVERY_TYPE).rows())
        .hasSize(4)
        .containsExactlyInAnyOrderElementsOf(lake.collect(EVERY_TYPE, lake.read(EVERY_TYPE)));
  }

  @Test
  void aTableOfAnOlderVersionGetsTheColumnsThatCameLater() {
    KernelLake kernel = lake.kernel();
    Table older =
        Table.named("growing", Table.Writer.KERNEL, "Grows with each version")
            .required("id", ColumnType.STRING, "The row")
            .key("id")
            .build();
    Table newer =
        Table.named("growing", Table.Writer.KERNEL, "Grows with each version")
            .required("id", ColumnType.STRING, "The row")
            .optional("later", ColumnType.STRINGS, "What 'came' later")
            .key("id")
            .build();
    lake.create(older);
    TableRow old = TableRow.of(older).set("id", "old").build();
    kernel.append(older, List.of(old));

    lake.create(newer);
    lake.create(newer);
    kernel.append(
        newer, List.of(TableRow.of(newer).set("id", "new").set("later", List.of("a")).build()));

    assertThat(kernel.read(newer).rows())
        .extracting(row -> row.text("id") + row.texts("later"))
        .containsExactlyInAnyOrder("old[]", "new[a]");
    assertThat(kernel.read(older).rows()).contains(old);
  }

  @Test
  void aForbiddenValueIsRefusedWhicheverEngineWrites() {
    assertThatThrownBy(() -> inbox("m1").set("kind", "dance").build())
        .hasMessageContaining("inbox.kind is 'dance'; it must satisfy kind IN ('approve'");

    Dataset<Row> dancing =
        lake.rows(InboxTable.TABLE, List.of(inbox("m1").set("kind", "halt").build()))
            .withColumn("kind", lit("dance"));
    assertThatThrownBy(() -> lake.append(InboxTable.TABLE, dancing))
        .isInstanceOf(LakeException.class)
        .hasMessageStartingWith(
            "Cannot write table inbox: inbox.kind is 'dance'; it must satisfy kind IN ('approve'");
    assertThatThrownBy(() -> lake.mergeNew(PlansTable.TABLE, plan(-1.0)))
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "Cannot write table plans: plans.cap_gpu_hours is '-1.0'; it must satisfy"
                + " cap_gpu_hours >= 0.0");
  }

  @Test
  void deltaItselfRefusesForbiddenValuesOfForeignWriters() {
    assertThatThrownBy(
            () ->
                plan(-1.0)
                    .write()
                    .format("delta")
                    .mode("append")
                    .save(root.resolve("plans").toString()))
        .hasStackTraceContaining("cap_gpu_hours >= 0.0");
    assertThatThrownBy(
            () ->
                plan(1.0)
                    .withColumn("spec", lit(null).cast("string"))
                    .write()
                    .format("delta")
                    .mode("append")
                    .save(root.resolve("plans").toString()))
        .hasStackTraceContaining("NOT NULL");
  }

  @Test
  void aMissingValueThatMayBeMissingPassesEveryRule() {
    TableRow fact =
        TableRow.of(InsightsTable.TABLE)
            .set("insight_id", "i1")
            .set("mined_at", NOON)
            .set("runs_version", 1L)
            .set("rank", 1)
            .set("kind", "coverage")
            .set("statement", "nothing was tried")
            .set("parameters", List.of())
            .set("from_value", "")
            .set("to_value", "")
            .set("conditions", Map.of())
            .set("model_variants", List.of())
            .set("studies", List.of())
            .set("metric", "auc")
            .set("trap_of", "")
            .build();
    lake.append(InsightsTable.TABLE, lake.rows(InsightsTable.TABLE, List.of(fact)));

    assertThat(lake.kernel().read(InsightsTable.TABLE).rows()).containsExactly(fact);
  }

  @Test
  void aMissingRequiredValueIsRefused() {
    assertThatThrownBy(() -> TableRow.of(InboxTable.TABLE).set("message_id", "m").build())
        .hasMessage("inbox.campaign_id must have a value");
    assertThatThrownBy(() -> lake.append(PlansTable.TABLE, plan(1.0).withColumn("spec", lit(null))))
        .hasMessage("Cannot write table plans: plans.spec must have a value");
  }

  @Test
  void unknownAndMissingColumnsAndWrongTypesAreNamed() {
    assertThatThrownBy(
            () ->
                lake.append(
                    PlansTable.TABLE,
                    plan(1.0).drop("spec", "content").withColumn("colour", lit("red"))))
        .hasMessage(
            "Cannot write table plans: unknown columns [colour], missing columns [content, spec]");
    assertThatThrownBy(
            () ->
                lake.append(PlansTable.TABLE, plan(1.0).withColumn("planned_at", lit("tomorrow"))))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("planned_at");
  }

  @Test
  void columnsAreMatchedByNameNotByOrder() {
    Dataset<Row> backwards =
        plan(3.0)
            .withColumn("plan_hash", lit("backwards"))
            .selectExpr(
                "content",
                "spec",
                "cost_basis",
                "cost_high_gpu_hours",
                "cost_low_gpu_hours",
                "cost_gpu_hours",
                "cap_gpu_hours",
                "planned_at",
                "campaign_id",
                "plan_hash");
    lake.append(PlansTable.TABLE, backwards);

    TableRow stored =
        lake.collect(PlansTable.TABLE, lake.read(PlansTable.TABLE).where("plan_hash = 'backwards'"))
            .get(0);
    assertThat(stored.fraction("cap_gpu_hours")).isEqualTo(3.0);
    assertThat(stored.text("content")).isEqualTo("the content");
  }

  private static List<Run> decoded(String runId) {
    return lake.kernel().read(RunsTable.TABLE).rows().stream()
        .filter(row -> row.text("run_id").equals(runId))
        .map(RunsTable::decode)
        .toList();
  }

  private static Dataset<Row> plan(double cap) {
    return lake.spark()
        .sql(
            "SELECT 'h' AS plan_hash, 'c' AS campaign_id, current_timestamp() AS planned_at, "
                + cap
                + "D AS cap_gpu_hours, 1.0D AS cost_gpu_hours, 1.0D AS cost_low_gpu_hours, 1.0D AS"
                + " cost_high_gpu_hours, 'guess' AS cost_basis, '{}' AS spec, 'the content' AS"
                + " content");
  }

  private static TableRow.Builder everyType(String id) {
    return TableRow.of(EVERY_TYPE).set("id", id);
  }

  private static TableRow.Builder inbox(String id) {
    return TableRow.of(InboxTable.TABLE)
        .set("message_id", id)
        .set("campaign_id", "c")
        .set("sent_by", "ann")
        .set("sent_at", NOON)
        .set("channel", "cli")
        .set("payload", "{}");
  }

  private static Run run(String id) {
    return RunBuilder.builder()
        .runId(id)
        .study(new StudyKey("data_x1", "f1", "auc", "validation"))
        .family("data")
        .arm(Arm.of(Map.of("model", "DCN", "learning_rate", "1e-3", "hidden_units", "[64, 32]")))
        .seed(OptionalLong.of(7))
        .status(RunStatus.OK)
        .metrics(new TreeMap<>(Map.of("auc", 0.75, "logloss", 0.5)))
        .costSource(CostOrigin.UNKNOWN)
        .sweep(Optional.of("sweep 1"))
        .trainSamples(OptionalLong.of(1000))
        .startedAt(Optional.of(NOON))
        .source("test")
        .provenance("row 1")
        .build();
  }
}
