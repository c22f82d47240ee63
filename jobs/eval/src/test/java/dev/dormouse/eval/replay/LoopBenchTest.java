package dev.dormouse.eval.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.eval.replay.ReplayRequest.HistoryUse;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.mine.Miner;
import dev.dormouse.table.RunsTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class LoopBenchTest {
  private static final int TASKS = 2;
  private static final int BUDGET = 4;

  @TempDir Path dir;

  @Test
  void everyTaskIsMetAfterAnyNumberOfCampaignsWhoseRunsAreLearntFrom() throws IOException {
    SparkSession spark = SparkExtension.spark();
    List<String> lakes = new ArrayList<>();

    LoopBench.Result result =
        LoopBench.run(
            spark, request(spark), 1, dir.resolve("lakes"), Clock.systemUTC(), lakes::add);

    assertThat(lakes).hasSize(TASKS);
    assertThat(result.tasks()).isEqualTo(TASKS);
    assertThat(result.bySeen()).extracting(ComparedRegret::name).containsExactly("0", "1");
    assertThat(result.bySeen())
        .allSatisfy(seen -> assertThat(seen.ofTasks()).containsOnlyKeys("task0", "task1"));
    assertThat(result.afterEnough().regret()).isEqualTo(result.bySeen().get(1).regret());
    SparkLake lake = SparkLake.at(spark, dir.resolve("lakes").resolve("lake-0-0"));
    assertThat(lake.read(RunsTable.TABLE).count()).isEqualTo(TASKS * BUDGET);
    assertThat(Miner.isUpToDate(lake.kernel())).as("all was learnt from").isTrue();
  }

  /**
   * Tasks whose results differ by their scale only: the higher the number of a model the better.
   */
  private ReplayRequest request(SparkSession spark) {
    List<String> rows = new ArrayList<>();
    for (int task = 0; task < TASKS; task++) {
      for (int model = 0; model < 12; model++) {
        for (int rate = 0; rate < 2; rate++) {
          double value = 0.7 + 0.1 * task + 0.001 * (2 * model + rate);
          rows.add(
              "('task%d', 'c%d-%d', 'M%d', map('lr', '%d'), 'ok', %sD)"
                  .formatted(task, model, rate, model, rate, value));
        }
      }
    }
    Path file = dir.resolve("tasks.parquet");
    spark
        .sql(
            "select * from values "
                + String.join(", ", rows)
                + " as t(task_id, config_id, model_variant, hparams, status, val_auc)")
        .coalesce(1)
        .write()
        .parquet(file.toString());
    return ReplayRequestBuilder.builder()
        .tasks(file)
        .history(List.of())
        .pools(Optional.empty())
        .budget(BUDGET)
        .out(dir.resolve("unused"))
        .episodes(2)
        .task(Optional.empty())
        .historyUse(HistoryUse.AS_RECORDED)
        .curves(LearningCurves.HIDDEN)
        .build();
  }
}
