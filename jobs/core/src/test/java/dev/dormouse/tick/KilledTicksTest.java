package dev.dormouse.tick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.TouchesTable;
import dev.dormouse.training.LocalBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ticks as processes of their own, killed by SIGKILL at random moments: the campaign must end as if
 * nothing had happened.
 */
@Timeout(600)
@Tag("slow")
class KilledTicksTest {
  private static final int KILLS = 20;
  private static final int SIGKILL = 9;

  @TempDir Path dir;

  private record Campaign(Path dir, KernelLake lake) {
    static Campaign approved(Path dir) throws IOException {
      KernelLake lake = KernelLake.at(Files.createDirectories(dir).resolve("lake"));
      CampaignSpec spec = ShellTrainer.campaign(dir);
      Plan plan = ExampleCampaign.plan(spec);
      Campaigns.create(lake, spec, "ann", Instant.now());
      Campaigns.planned(lake, spec.campaignId(), plan, Instant.now());
      Inbox.send(
          lake,
          new InboxMessage.Approve(
              new InboxMessage.Header("m-1", spec.campaignId(), "ann", Instant.now(), "cli", ""),
              plan.hash(),
              OptionalLong.empty()));
      return new Campaign(dir, lake);
    }

    CampaignState state() {
      return CampaignLog.read(lake).states().get(ExampleCampaign.ID);
    }

    Process tick(String... more) throws IOException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OneTick.class.getName(),
                  lake.root().toString(),
                  dir.resolve("work").toString()));
      command.addAll(List.of(more));
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("ticks.log").toFile()))
          .start();
    }
  }

  private CampaignState undisturbed() throws Exception {
    Campaign campaign = Campaign.approved(dir.resolve("undisturbed"));
    Clock clock = Clock.systemUTC();
    LocalBackend backend = new LocalBackend(campaign.dir().resolve("work"), clock);
    Ticker ticker = new Ticker(TickServices.of(campaign.lake(), backend, Optional.empty(), clock));
    while (!campaign.state().isOver()) {
      ticker.tick();
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return campaign.state();
  }

  @Test
  void ticksKilledAtAnyMomentLoseNothingAndTrainNothingTwice() throws Exception {
    Campaign disturbed = Campaign.approved(dir.resolve("disturbed"));
    disturb(disturbed);
    requireSameEnd(disturbed, undisturbed());
  }

  @Test
  void ticksKilledOnceAtEveryCrashPointLoseNothingAndTrainNothingTwice() throws Exception {
    Campaign disturbed = Campaign.approved(dir.resolve("disturbed"));
    Path deaths = dir.resolve("deaths");
    int died = 0;
    while (!disturbed.state().isOver() || Files.readAllLines(deaths).size() > died) {
      died = Files.exists(deaths) ? Files.readAllLines(deaths).size() : 0;
      requireEndedOrKilled(disturbed, disturbed.tick(deaths.toString()));
    }
    assertThat(Files.readAllLines(deaths))
        .contains(
            "before commit of approved",
            "after commit of settled",
            "before launch in baseline",
            "after launch in confirmation",
            "after seeing Ended",
            "before projection to runs",
            "after projection to touches",
            "after file snapshot")
        .hasSizeGreaterThan(25);
    requireSameEnd(disturbed, undisturbed());
  }

  private static void requireSameEnd(Campaign disturbed, CampaignState expected)
      throws IOException {
    CampaignState end = disturbed.state();
    assertThat(end.verdict()).isEqualTo(expected.verdict());
    assertThat(end.attempts().keySet())
        .containsExactlyInAnyOrderElementsOf(expected.attempts().keySet());
    List<String> runs = end.attempts().keySet().stream().map(TrialKey::runId).toList();
    assertThat(ShellTrainer.trained(disturbed.dir())).hasSize(runs.size()).doesNotHaveDuplicates();
    assertThat(disturbed.lake().read(RunsTable.TABLE).rows())
        .extracting(row -> row.text("run_id"))
        .containsExactlyInAnyOrderElementsOf(runs);
    long points =
        expected.attempts().values().stream()
            .mapToLong(attempt -> attempt.outcome().orElseThrow().curve().size())
            .sum();
    assertThat(disturbed.lake().read(RunMetricsTable.TABLE).rows()).hasSize((int) points);
    assertThat(disturbed.lake().read(TouchesTable.TABLE).rows()).hasSize(2);
    assertThat(CampaignLog.readFromStart(disturbed.lake()).states())
        .isEqualTo(CampaignLog.read(disturbed.lake()).states());
  }

  /**
   * Kills ticks until it was often enough, then lets them finish. A tick is killed after a random
   * share of the time that the last whole one took, so that kills fall into its work however fast
   * the machine is.
   */
  private static void disturb(Campaign campaign) throws Exception {
    Random random = new Random(20260101);
    long whole = Long.MAX_VALUE;
    int kills = 0;
    while (kills < KILLS || !campaign.state().isOver()) {
      long start = System.nanoTime();
      Process tick = campaign.tick();
      boolean kill = kills < KILLS && whole < Long.MAX_VALUE;
      long patience = (long) (whole * (0.3 + 0.7 * random.nextDouble()));
      if (kill && !tick.waitFor(patience, TimeUnit.NANOSECONDS)) {
        tick.destroyForcibly();
        kills++;
      }
      if (requireEndedOrKilled(campaign, tick)) {
        whole = System.nanoTime() - start;
      }
    }
    // What the last tick could not finish, the next one does.
    assertThat(campaign.tick().waitFor()).isZero();
  }

  private static boolean requireEndedOrKilled(Campaign campaign, Process tick) throws Exception {
    if (tick.waitFor() == 0) {
      return true;
    }
    assertThat(tick.exitValue())
        .as(() -> "exit code of a tick; see " + campaign.dir().resolve("ticks.log"))
        .isEqualTo(128 + SIGKILL);
    return false;
  }
}
