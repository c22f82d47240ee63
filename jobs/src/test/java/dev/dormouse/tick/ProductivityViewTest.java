package dev.dormouse.tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.io.KernelLake;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import dev.dormouse.publish.Productivity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The view {@code productivity} and the report count the same. */
@ExtendWith(SparkExtension.class)
class ProductivityViewTest {
  private static final Instant NINE = Instant.parse("2026-01-05T09:00:00Z");
  private static final CampaignSpec SPEC = ExampleCampaign.spec();

  @TempDir Path root;
  private KernelLake lake;

  @Test
  void theViewAndTheReportCountTheSame() {
    SparkLake spark = SparkLake.at(SparkExtension.spark(), root);
    spark.createAll();
    lake = spark.kernel();
    Campaigns.create(lake, SPEC, "ann", NINE);
    Plan plan = ExampleCampaign.plan(SPEC);
    at(1, new CampaignEvent.Planned(plan.hash(), plan));
    // Ann: a sitting of four minutes, later one of a minute; Bob: one of a minute.
    at(4, new CampaignEvent.Approved(plan.hash(), 2_000_000, "ann", "cli"));
    at(5, new CampaignEvent.Commanded("pause", "bob", "cli", "", 0));
    at(6, new CampaignEvent.Commanded("resume", "bob", "cli", "", 0));
    at(7, new CampaignEvent.PhaseStarted(Phase.VALIDATION, "it is time"));
    // A retry that succeeds: resolved alone.
    run("v-a-s1", 1, RunStatus.INFRA, Optional.empty(), 10, 12);
    run("v-a-s1", 2, RunStatus.OK, Optional.empty(), 13, 15);
    // Mended, but Ann looked in before the mended arm had ended.
    run("v-b-s1", 1, RunStatus.OOM, Optional.empty(), 20, 22);
    at(40, new CampaignEvent.Commanded("pause", "ann", "cli", "", 0));
    at(41, new CampaignEvent.Commanded("resume", "ann", "cli", "", 0));
    run("v-c-s1", 1, RunStatus.OK, Optional.of("v-b-s1"), 45, 47);
    // Never repaired; stopped on purpose.
    run("v-d-s1", 1, RunStatus.DIVERGED, Optional.empty(), 50, 52);
    run("v-e-s1", 1, RunStatus.ABANDONED, Optional.empty(), 50, 52);
    at(60, new CampaignEvent.Finished(verdict()));
    CampaignLog log = CampaignLog.read(lake);
    Projections.catchUp(lake, log, true);
    spark.registerViews();

    CampaignState state = log.states().get(ExampleCampaign.ID);
    Productivity counted = Productivity.of(state);
    assertThat(counted.touches()).isEqualTo(6);
    assertThat(counted.attendedMinutes()).isCloseTo((4 + 5) + (1 + 5) + (1 + 5), within(1e-9));
    assertThat(counted.failures()).isEqualTo(3);
    assertThat(counted.resolvedAlone()).isEqualTo(1);
    assertThat(counted.touchesPerConfirmedGain()).hasValue(6);

    List<Row> rows =
        SparkExtension.spark()
            .sql("SELECT * FROM productivity ORDER BY campaign_id NULLS LAST")
            .collectAsList();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).<String>getAs("campaign_id")).isEqualTo(ExampleCampaign.ID);
    assertThat(rows.get(1).<String>getAs("campaign_id")).isNull();
    for (Row row : rows) {
      assertThat(row.<Long>getAs("touches")).isEqualTo(counted.touches());
      assertThat(row.<Long>getAs("failures")).isEqualTo(counted.failures());
      assertThat(row.<Long>getAs("resolved_alone")).isEqualTo(counted.resolvedAlone());
      assertThat(row.<Long>getAs("confirmed_gains")).isEqualTo(counted.confirmedGains());
      assertThat(number(row, "attended_minutes"))
          .isCloseTo(counted.attendedMinutes(), within(1e-6));
      assertThat(number(row, "gpu_hours")).isCloseTo(counted.gpuHours(), within(1e-9));
      assertThat(number(row, "share_resolved_alone")).isCloseTo(1.0 / 3, within(1e-9));
      assertThat(number(row, "touches_per_confirmed_gain")).isEqualTo(6);
    }
  }

  private static double number(Row row, String name) {
    return row.<Number>getAs(name).doubleValue();
  }

  private void run(
      String trial, int attempt, RunStatus status, Optional<String> amends, int from, int to) {
    Instant ended = NINE.plus(Duration.ofMinutes(to));
    Arm arm = ExampleCampaign.BASELINE.with("batch_size", "1024");
    TrialSpec spec =
        new TrialSpec(
            trial,
            Phase.VALIDATION,
            arm,
            1,
            1,
            false,
            Optional.empty(),
            Optional.of(Source.HISTORY),
            Optional.empty(),
            amends);
    at(from, new CampaignEvent.Intent(spec, attempt, 60_000, ended));
    at(
        to,
        new CampaignEvent.Settled(
            trial,
            attempt,
            new RunOutcome(
                status,
                new TreeMap<>(Map.of("auc", 0.7)),
                List.of(),
                NINE.plus(Duration.ofMinutes(from)),
                ended,
                GpuHours.micros(0.05),
                "rule",
                "")));
  }

  private static Verdict verdict() {
    return new Verdict(
        Verdict.Kind.CONFIRMED, Optional.empty(), Optional.empty(), Optional.empty(), "It is.");
  }

  private void at(int minute, CampaignEvent event) {
    assertThat(
            CampaignLog.read(lake)
                .append(
                    Map.of(ExampleCampaign.ID, List.of(event)),
                    NINE.plus(Duration.ofMinutes(minute)),
                    "tick-" + minute))
        .isPresent();
  }
}
