package dev.dormouse.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.StudyKey;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.HypothesesTable;
import dev.dormouse.table.PlansTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.TableRow;
import dev.dormouse.table.TouchesTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class ViewsTest {
  static final Instant DAY_ONE = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant DAY_NINE = Instant.parse("2026-01-09T00:00:00Z");
  static final Arm SMALL = Arm.of(Map.of("model", "FM", "k", "8"));
  static final Arm LARGE = Arm.of(Map.of("model", "FM", "k", "64"));

  static final Arm WIDE = Arm.of(Map.of("model", "FM", "k", "512"));
  static final Arm MENDED = Arm.of(Map.of("model", "FM", "k", "256"));

  @TempDir static Path root;

  /** Three seeds of one arm, two of a better one, a failure that was mended by a second attempt. */
  @BeforeAll
  static void createLake() {
    SparkLake lake = SparkExtension.emptyLake(root);
    lake.kernel()
        .append(
            RunsTable.TABLE,
            List.of(
                run("b-small-s1", 1, SMALL, RunStatus.OK, 0.50, DAY_ONE),
                run("b-small-s2", 1, SMALL, RunStatus.OK, 0.52, DAY_ONE),
                run("b-small-s3", 1, SMALL, RunStatus.OK, 0.54, DAY_NINE),
                run("v-large-s1", 1, LARGE, RunStatus.OOM, Double.NaN, DAY_ONE),
                run("v-large-s1", 2, LARGE, RunStatus.OK, 0.42, DAY_ONE),
                run("other", "v-wide-s1", 1, WIDE, RunStatus.DIVERGED, Double.NaN, DAY_ONE),
                run("other", "v-mended-s1", 1, MENDED, RunStatus.OK, 0.42, DAY_NINE)));
    lake.kernel()
        .append(
            ControlEventsTable.TABLE,
            List.of(
                event("camp", 1, "created", "{}"),
                event("camp", 2, "finished", "{\"verdict\":{\"kind\":\"CONFIRMED\"}}"),
                event("other", 1, "created", "{}"),
                event(
                    "other",
                    2,
                    "intent",
                    "{\"trial\":{\"trialId\":\"v-mended-s1\",\"amends\":\"v-wide-s1\"}}")));
    lake.kernel()
        .append(
            TouchesTable.TABLE,
            List.of(
                touch("camp", 1, "ann", DAY_ONE),
                touch("camp", 2, "ann", DAY_ONE.plusSeconds(240)),
                touch("camp", 3, "bob", DAY_ONE.plusSeconds(300)),
                touch("other", 1, "ann", DAY_ONE.plusSeconds(86_400))));
    lake.append(PlansTable.TABLE, lake.rows(PlansTable.TABLE, List.of(plan())));
    lake.append(HypothesesTable.TABLE, lake.rows(HypothesesTable.TABLE, List.of(hypothesis())));
    lake.registerViews();
  }

  @Test
  void everyViewCanBeRead() {
    // Productivity, which reads the failures, has a test of its own.
    Set<String> others = new TreeSet<>(Views.ALL.keySet());
    others.removeAll(Set.of("productivity", "campaign_failures"));
    for (String view : others) {
      assertThat(sql("SELECT * FROM " + view)).as(view).isNotNull();
    }
  }

  @Test
  void onlyTheNewestAttemptOfATrialCounts() {
    assertThat(sql("SELECT attempt FROM runs_latest WHERE trial_id = 'v-large-s1'"))
        .extracting(row -> row.getInt(0))
        .containsExactly(2);
    assertThat(sql("SELECT runs FROM what_failed WHERE status = 'oom'"))
        .extracting(row -> row.getLong(0))
        .containsExactly(1L);
  }

  @Test
  void anArmIsSummarizedWithStudentsInterval() {
    Row small = only("SELECT * FROM config_summary WHERE config_id = '" + SMALL.configId() + "'");
    assertThat(small.<Long>getAs("seeds")).isEqualTo(3);
    assertThat(small.<Double>getAs("mean")).isCloseTo(0.52, within(1e-12));
    assertThat(small.<Double>getAs("sd")).isCloseTo(0.02, within(1e-12));
    // t(0.975, 2) = 4.302653
    assertThat(small.<Double>getAs("margin"))
        .isCloseTo(4.302653 * 0.02 / Math.sqrt(3), within(1e-6));

    Row large = only("SELECT * FROM config_summary WHERE config_id = '" + LARGE.configId() + "'");
    assertThat(large.<Double>getAs("mean")).isEqualTo(0.42);
    assertThat(large.<Double>getAs("low95")).as("one result has no interval").isNull();
  }

  @Test
  void gainsCountDownwardsWhereLessIsBetter() {
    Row record = only("SELECT * FROM source_track_record");
    assertThat(record.<String>getAs("source")).isEqualTo("history");
    assertThat(record.<Long>getAs("tried")).isEqualTo(1);
    assertThat(record.<Double>getAs("gain")).isCloseTo(0.10, within(1e-12));
    assertThat(record.<Double>getAs("share_better")).isEqualTo(1.0);
    Row outcome = only("SELECT * FROM forecast_outcomes");
    double missed = 1 - outcome.<Double>getAs("p_success");
    assertThat(record.<Double>getAs("brier")).isCloseTo(missed * missed, within(1e-12));
    assertThat(record.<Double>getAs("claimed_brier")).isCloseTo(0.04, within(1e-12));
    assertThat(record.<Double>getAs("coverage80")).isZero();
    assertThat(record.<Double>getAs("claimed_coverage80")).as("0.05 to 0.15 holds 0.10").isOne();

    Row baseline = only("SELECT * FROM campaign_progress WHERE phase = 'baseline'");
    assertThat(baseline.<Long>getAs("ok")).isEqualTo(3);
    assertThat(baseline.<Double>getAs("best")).isEqualTo(0.50);
  }

  @Test
  void aParameterIsImportantAsFarAsItsSettingsTellResultsApart() {
    // Between: 3 (0.52 - 0.495)^2 + (0.42 - 0.495)^2 = 0.0075; within: 0.0008 with 2 degrees.
    double expected = (0.0075 - 0.0008 / 2) / (0.0075 + 0.0008);
    Row importance = only("SELECT * FROM param_importance");
    assertThat(importance.<String>getAs("parameter")).isEqualTo("k");
    assertThat(importance.<Double>getAs("share_explained")).isCloseTo(expected, within(1e-9));
  }

  @Test
  void anArmThatWasTrainedAgainLaterShowsItsDrift() {
    Row drift = only("SELECT * FROM drift");
    assertThat(drift.<String>getAs("config_id")).isEqualTo(SMALL.configId());
    assertThat(drift.<Double>getAs("last_value")).isEqualTo(0.54);
  }

  /** One campaign repairs its failure alone; in the other somebody looked in before. */
  @Test
  void productivityIsWhatPeopleAndMachinesGaveForConfirmedGains() {
    List<Row> rows = sql("SELECT * FROM productivity ORDER BY campaign_id NULLS LAST");
    assertThat(rows)
        .extracting(
            row -> row.getAs("campaign_id"),
            row -> row.getAs("touches"),
            row -> row.getAs("failures"),
            row -> row.getAs("resolved_alone"),
            row -> row.getAs("confirmed_gains"))
        .containsExactly(
            tuple("camp", 3L, 1L, 1L, 1L),
            tuple("other", 1L, 1L, 0L, 0L),
            tuple(null, 4L, 2L, 1L, 1L));
    // Ann's sitting of four minutes and five besides, Bob's five; Ann's five in the other campaign.
    assertThat(rows)
        .extracting(row -> row.<Number>getAs("attended_minutes").doubleValue())
        .containsExactly(14.0, 5.0, 19.0);
    assertThat(rows.get(2).<Double>getAs("touches_per_confirmed_gain")).isEqualTo(4);
    assertThat(rows.get(1).<Double>getAs("touches_per_confirmed_gain")).isNull();
  }

  private static List<Row> sql(String query) {
    return SparkExtension.spark().sql(query).collectAsList();
  }

  private static Row only(String query) {
    List<Row> rows = sql(query);
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  static TableRow event(String campaign, long seq, String kind, String payload) {
    return TableRow.of(ControlEventsTable.TABLE)
        .set("campaign_id", campaign)
        .set("seq", seq)
        .set(ControlEventsTable.COMMIT, 1L)
        .set("kind", kind)
        .set("at", DAY_ONE)
        .set("tick_id", "t")
        .set("payload", payload)
        .set("prev_hash", "")
        .set("hash", "h")
        .build();
  }

  private static TableRow touch(String campaign, long seq, String by, Instant at) {
    return TableRow.of(TouchesTable.TABLE)
        .set("campaign_id", campaign)
        .set("seq", seq)
        .set("kind", "pause")
        .set("touched_by", by)
        .set("touched_at", at)
        .set("channel", "cli")
        .set("detail", "")
        .build();
  }

  private static TableRow run(
      String trial, int attempt, Arm arm, RunStatus status, double loss, Instant finished) {
    return run("camp", trial, attempt, arm, status, loss, finished);
  }

  static TableRow run(
      String campaign,
      String trial,
      int attempt,
      Arm arm,
      RunStatus status,
      double loss,
      Instant finished) {
    TreeMap<String, Double> metrics = new TreeMap<>();
    if (!Double.isNaN(loss)) {
      metrics.put("logloss", loss);
    }
    return RunsTable.encode(
        RunBuilder.builder()
            .runId(campaign + "." + trial + "." + attempt)
            .study(
                new StudyKey(
                    campaign.equals("other") ? "clicks" : "ads", "all", "logloss", "validation"))
            .family("ads")
            .arm(arm)
            .seed(OptionalLong.of(trial.charAt(trial.length() - 1)))
            .status(status)
            .metrics(metrics)
            .costGpuHours(OptionalDouble.of(0.5))
            .costSource(CostOrigin.MEASURED)
            .sweep(Optional.of(campaign))
            .finishedAt(Optional.of(finished))
            .source("dormouse")
            .provenance("test")
            .campaignId(Optional.of(campaign))
            .trialId(Optional.of(trial))
            .attempt(attempt)
            .build());
  }

  private static TableRow plan() {
    return plan("camp");
  }

  static TableRow plan(String campaign) {
    return TableRow.of(PlansTable.TABLE)
        .set("plan_hash", "h-" + campaign)
        .set("campaign_id", campaign)
        .set("planned_at", DAY_ONE)
        .set("cap_gpu_hours", 1.0)
        .set("cost_gpu_hours", 1.0)
        .set("cost_low_gpu_hours", 1.0)
        .set("cost_high_gpu_hours", 1.0)
        .set("cost_basis", "test")
        .set("spec", "{\"objective\":{\"metric\":\"logloss\",\"direction\":\"MINIMIZE\"}}")
        .set("content", "{}")
        .build();
  }

  static TableRow hypothesis() {
    return TableRow.of(HypothesesTable.TABLE)
        .set("campaign_id", "camp")
        .set("hypothesis_id", "h1")
        .set("rank", 1)
        .set("source", "history")
        .set("claim", "larger is better")
        .set("rationale", "it was")
        .set("config_id", LARGE.configId())
        .set("model_variant", "FM")
        .set("params", LARGE.params())
        .set("changes", List.of())
        .set("evidence", List.of())
        .set("predicted_gain", 0.05)
        .set("predicted_gain_sd", 0.01)
        .set("p_success", 0.9)
        .set("p_failure", 0.1)
        .set("predicted_cost_gpu_hours", 0.5)
        .set("score", 1.0)
        .set(
            "terms",
            Map.of(
                "claimed_gain_p10", 0.05,
                "claimed_gain_p50", 0.1,
                "claimed_gain_p90", 0.15,
                "claimed_p_success", 0.8))
        .set("planned", true)
        .set("ranked_at", DAY_ONE)
        .build();
  }
}
