package dev.dormouse.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.StudyKey;
import dev.dormouse.table.InboxTable;
import dev.dormouse.table.InsightsTable;
import dev.dormouse.table.PapersTable;
import dev.dormouse.table.PlansTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.table.Tables;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class LakeTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");

  @TempDir static Path root;
  private static SparkLake lake;

  @BeforeAll
  static void createLake() {
    lake = SparkLake.at(SparkExtension.spark(), root);
    lake.createAll();
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
  void noTableNeedsAReaderThatPolarsAndDuckDbLack() {
    for (Table table : Tables.ALL) {
      Row detail =
          lake.spark().sql("DESCRIBE DETAIL delta.`" + root.resolve(table.name()) + "`").first();
      assertThat(detail.<Integer>getAs("minReaderVersion")).as(table.name()).isEqualTo(1);
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
  void listsOfFloatsAndMissingValuesSurvive() {
    TableRow paper =
        TableRow.of(PapersTable.TABLE)
            .set("paper_id", "p1")
            .set("title", "A title")
            .set("authors", List.of("A", "B"))
            .set("embedding", List.of(0.5f, -1f))
            .set("url", "https://example.org")
            .set("licence", "facts")
            .build();
    lake.append(PapersTable.TABLE, lake.rows(PapersTable.TABLE, List.of(paper)));

    assertThat(lake.kernel().read(PapersTable.TABLE).rows()).containsExactly(paper);
  }

  @Test
  void aForbiddenValueIsRefusedWhicheverEngineWrites() {
    assertThatThrownBy(() -> inbox("m1").set("kind", "dance").build())
        .hasMessageContaining("inbox.kind is 'dance'")
        .hasMessageContaining("'approve'");
    Dataset<Row> bad =
        lake.spark()
            .sql(
                "SELECT 'h' AS plan_hash, 'c' AS campaign_id, current_timestamp() AS planned_at, -1.0D AS cap_gpu_hours,"
                    + " 1.0D AS cost_gpu_hours, 1.0D AS cost_low_gpu_hours, 1.0D AS cost_high_gpu_hours, '' AS cost_basis,"
                    + " '' AS spec, '' AS content");
    assertThatThrownBy(() -> lake.append(PlansTable.TABLE, bad))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("table plans")
        .hasMessageContaining("cap_gpu_hours >= 0");
  }

  @Test
  void aMissingRequiredValueIsRefused() {
    assertThatThrownBy(() -> TableRow.of(InboxTable.TABLE).set("message_id", "m").build())
        .hasMessage("inbox.campaign_id must have a value");
    Dataset<Row> noKind =
        lake.rows(InsightsTable.TABLE, List.of())
            .withColumn("kind", org.apache.spark.sql.functions.lit(null));
    assertThat(noKind.count()).isZero();
  }

  @Test
  void unknownAndMissingColumnsAreNamed() {
    Dataset<Row> wrong = lake.spark().sql("SELECT 'x' AS plan_hash, 1 AS colour");
    assertThatThrownBy(() -> lake.append(PlansTable.TABLE, wrong))
        .hasMessageContaining("unknown columns [colour]")
        .hasMessageContaining("campaign_id");
  }

  @Test
  void onlyOneOfManyWritersWinsAVersion(@TempDir Path contested) throws Exception {
    int writers = 4;
    int rounds = 25;
    KernelLake.at(contested).create(InboxTable.TABLE);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      for (int round = 0; round < rounds; round++) {
        long version = round;
        List<Future<Boolean>> attempts =
            IntStream.range(0, writers)
                .mapToObj(
                    writer ->
                        threads.submit(
                            () ->
                                KernelLake.at(contested)
                                    .appendIfVersion(
                                        InboxTable.TABLE,
                                        version,
                                        List.of(
                                            inbox(version + "-" + writer)
                                                .set("kind", "halt")
                                                .build()))))
                .toList();
        int winners = 0;
        for (Future<Boolean> attempt : attempts) {
          winners += attempt.get() ? 1 : 0;
        }
        assertThat(winners).as("round " + round).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(KernelLake.at(contested).read(InboxTable.TABLE).rows()).hasSize(rounds);
  }

  @Test
  void anAppendThatWasDoneBeforeIsNotDoneAgain(@TempDir Path other) {
    KernelLake once = KernelLake.at(other);
    once.create(InboxTable.TABLE);
    List<TableRow> rows = List.of(inbox("m").set("kind", "halt").build());

    assertThat(once.appendOnce(InboxTable.TABLE, "outcomes", 7, rows)).isTrue();
    assertThat(once.appendOnce(InboxTable.TABLE, "outcomes", 7, rows)).isFalse();
    assertThat(once.lastAppVersion(InboxTable.TABLE, "outcomes")).isEqualTo(7);
    assertThat(once.read(InboxTable.TABLE).rows()).hasSize(1);
  }

  private static List<Run> decoded(String runId) {
    return lake.kernel().read(RunsTable.TABLE).rows().stream()
        .filter(row -> row.text("run_id").equals(runId))
        .map(RunsTable::decode)
        .toList();
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
    return new Run(
        id,
        new StudyKey("data_x1", "f1", "auc", "validation"),
        "data",
        Arm.of(Map.of("model", "DCN", "learning_rate", "1e-3", "hidden_units", "[64, 32]")),
        OptionalLong.of(7),
        RunStatus.OK,
        new TreeMap<>(Map.of("auc", 0.75, "logloss", 0.5)),
        OptionalDouble.empty(),
        "unknown",
        Optional.of(NOON),
        Optional.empty(),
        "test",
        "row 1",
        Optional.empty(),
        Optional.empty(),
        0);
  }
}
