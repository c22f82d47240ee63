package dev.dormouse.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignFold;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProductivityTest {
  private static final Instant NINE = Instant.parse("2026-01-05T09:00:00Z");
  private static final CampaignSpec SPEC = ExampleCampaign.spec();

  private final CampaignFold campaign = new CampaignFold(CampaignState.unknown(ExampleCampaign.ID));

  @Test
  void countsWhatPeopleAndMachinesGaveForAConfirmedGain() {
    at(0, new CampaignEvent.Created(SPEC, "ann", Decider.RULES));
    Plan plan = ExampleCampaign.plan(SPEC);
    at(1, CampaignEvent.Planned.of(plan));
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

    Productivity counted = Productivity.of(campaign.state());
    assertThat(counted.touches()).isEqualTo(6);
    assertThat(counted.attendedMinutes()).isCloseTo((4 + 5) + (1 + 5) + (1 + 5), within(1e-9));
    assertThat(counted.failures()).isEqualTo(3);
    assertThat(counted.resolvedAlone()).isEqualTo(1);
    assertThat(counted.touchesPerConfirmedGain()).hasValue(6);

    assertThat(counted.shareResolvedAlone()).hasValue(1.0 / 3);
    assertThat(counted.gpuHours()).isCloseTo(6 * 0.05, within(1e-9));

    Productivity twice = Productivity.of(List.of(campaign.state(), campaign.state()));
    assertThat(twice.touches()).isEqualTo(12);
    assertThat(twice.touchesPerConfirmedGain()).hasValue(6);
  }

  @Test
  void withoutAConfirmedGainNothingIsCountedPerGain() {
    at(0, new CampaignEvent.Created(SPEC, "ann", Decider.RULES));
    Productivity counted = Productivity.of(campaign.state());
    assertThat(counted.touchesPerConfirmedGain()).isEmpty();
    assertThat(counted.shareResolvedAlone()).isEmpty();
    assertThat(counted.attendedMinutes()).isEqualTo(5);
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
    campaign.add(campaign.lastSeq() + 1, NINE.plus(Duration.ofMinutes(minute)), event);
  }
}
