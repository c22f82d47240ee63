package dev.dormouse.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.Arm;
import dev.dormouse.model.RunStatus;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.HypothesesTable;
import dev.dormouse.table.PlansTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.TableRow;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two campaigns on one study; the later one trains an arm that the first one has tried. */
@SparkTest
class AgentDriftViewTest {
  @TempDir static Path root;
  private static List<Row> campaigns;

  @BeforeAll
  static void readTheView() {
    SparkLake lake = SparkExtension.emptyLake(root);
    lake.kernel()
        .append(
            RunsTable.TABLE,
            List.of(
                first("b-small-s1", 1, ViewsTest.SMALL, RunStatus.OK, 0.50),
                first("b-small-s2", 1, ViewsTest.SMALL, RunStatus.OK, 0.52),
                first("v-large-s1", 1, ViewsTest.LARGE, RunStatus.OOM, Double.NaN),
                first("v-large-s1", 2, ViewsTest.LARGE, RunStatus.OK, 0.42),
                again("b-small-s1", ViewsTest.SMALL, RunStatus.OK, 0.50),
                again("x-large-s1", ViewsTest.LARGE, RunStatus.OK, 0.43),
                again("x-wide-s1", ViewsTest.WIDE, RunStatus.OOM, Double.NaN),
                again("f-large-s1001", ViewsTest.LARGE, RunStatus.OK, 0.43)));
    lake.kernel()
        .append(
            ControlEventsTable.TABLE,
            List.of(
                intent("camp", 1, "b-small-s1", "BASELINE", "null"),
                intent("camp", 2, "v-large-s1", "VALIDATION", "\"HISTORY\""),
                intent("camp", 3, "v-large-s1", "VALIDATION", "\"HISTORY\""),
                ViewsTest.event("camp", 4, "finished", "{\"verdict\":{\"kind\":\"CONFIRMED\"}}"),
                intent("again", 1, "x-large-s1", "EXPLOITATION", "\"SURROGATE\""),
                intent("again", 2, "x-wide-s1", "EXPLOITATION", "\"LLM\""),
                intent("again", 3, "f-large-s1001", "CONFIRMATION", "\"SURROGATE\"")));
    lake.append(
        PlansTable.TABLE,
        lake.rows(PlansTable.TABLE, List.of(ViewsTest.plan("camp"), ViewsTest.plan("again"))));
    lake.append(
        HypothesesTable.TABLE, lake.rows(HypothesesTable.TABLE, List.of(ViewsTest.hypothesis())));
    lake.registerViews();
    campaigns =
        SparkExtension.spark().sql("SELECT * FROM agent_drift ORDER BY ended_at").collectAsList();
  }

  @Test
  void campaignsStandInOrderOfTimeWithTrialsOfTheSearchOnly() {
    assertThat(campaigns)
        .extracting(row -> row.getAs("campaign_id"))
        .containsExactly("camp", "again");
    assertThat(campaigns).extracting(row -> row.getAs("trials")).containsExactly(1L, 2L);
    assertThat(campaigns).extracting(row -> row.getAs("failures")).containsExactly(0L, 1L);
    assertThat(campaigns).extracting(row -> row.getAs("confirmed")).containsExactly(1L, 0L);
  }

  @Test
  void whatAnotherCampaignOfTheStudyHasTrainedIsARepeat() {
    assertThat(campaigns).extracting(row -> row.getAs("repeats")).containsExactly(0L, 1L);
    assertThat(campaigns).extracting(row -> row.getAs("share_repeats")).containsExactly(0.0, 0.5);
  }

  @Test
  void eachSourceHasItsTrialsOnceHoweverManyAttempts() {
    assertThat(campaigns).extracting(row -> row.getAs("from_history")).containsExactly(1L, 0L);
    assertThat(campaigns).extracting(row -> row.getAs("from_surrogate")).containsExactly(0L, 1L);
    assertThat(campaigns).extracting(row -> row.getAs("from_llm")).containsExactly(0L, 1L);
  }

  @Test
  void forecastsAreComparedWithOutcomes() {
    Row camp = campaigns.get(0);
    assertThat(camp.<Long>getAs("tried")).isEqualTo(1);
    assertThat(camp.<Double>getAs("share_better")).isOne();
    assertThat(camp.<Double>getAs("coverage80")).as("0.05 was forecast, 0.09 measured").isZero();
    assertThat(campaigns.get(1).<Double>getAs("coverage80")).as("none validated").isNull();
  }

  private static TableRow first(String trial, int attempt, Arm arm, RunStatus status, double loss) {
    return ViewsTest.run("camp", trial, attempt, arm, status, loss, ViewsTest.DAY_ONE);
  }

  private static TableRow again(String trial, Arm arm, RunStatus status, double loss) {
    return ViewsTest.run("again", trial, 1, arm, status, loss, ViewsTest.DAY_NINE);
  }

  private static TableRow intent(
      String campaign, long seq, String trial, String phase, String source) {
    return ViewsTest.event(
        campaign,
        seq,
        "intent",
        String.format(
            "{\"trial\":{\"trialId\":\"%s\",\"phase\":\"%s\",\"source\":%s}}",
            trial, phase, source));
  }
}
