package dev.dormouse.cli;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.io.KernelLake;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.CampaignText;
import dev.dormouse.tick.CampaignLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The demo's stand-in for a scheduler: sleeps until a training has ended (as an asset event would
 * tell) or some time has passed, wakes a tick as a process of its own, and shows where the campaign
 * stands.
 */
final class DemoClock {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(15);
  private static final Duration LONGEST_DEMO = Duration.ofMinutes(30);
  private static final int FAILED_TICKS = 5;

  private final DemoServices services;
  private final String campaignId;
  private final KernelLake lake;
  private final PrintWriter screen;
  private String shown = "";

  DemoClock(DemoServices services, String campaignId, KernelLake lake, PrintWriter screen) {
    this.services = services;
    this.campaignId = campaignId;
    this.lake = lake;
    this.screen = screen;
  }

  /** Wakes ticks until the campaign is over; how many it took. */
  int run() throws IOException, InterruptedException {
    Optional<URI> mlflow = services.mlflow();
    Instant deadline = Instant.now().plus(LONGEST_DEMO);
    int ticks = 0;
    int failed = 0;
    while (Instant.now().isBefore(deadline)) {
      int code = services.tick(mlflow);
      ticks++;
      failed = code == ExitCode.OK ? 0 : failed + 1;
      if (failed == FAILED_TICKS) {
        throw new CommandException(
            ExitCode.BUG, "Ticks fail; see " + services.log("ticks.log") + ".");
      }
      CampaignState state = CampaignLog.read(lake).states().get(campaignId);
      show(state);
      if (state.isOver() && state.open().isEmpty()) {
        return ticks;
      }
      sleep(state);
    }
    throw new CommandException(
        ExitCode.BUG, "The campaign did not end within " + LONGEST_DEMO.toMinutes() + " minutes.");
  }

  private void sleep(CampaignState state) throws InterruptedException {
    Instant latest = Instant.now().plus(LONGEST_SLEEP);
    while (Instant.now().isBefore(latest) && state.open().stream().noneMatch(this::hasEnded)) {
      Thread.sleep(LOOK.toMillis());
    }
  }

  private boolean hasEnded(Attempt attempt) {
    return Files.exists(
        services
            .workDir()
            .resolve(campaignId)
            .resolve(attempt.trial().trialId())
            .resolve(Integer.toString(attempt.key().attempt()))
            .resolve("exit"));
  }

  /**
   * On a terminal the table is drawn over the one before; elsewhere it is printed when it has
   * changed.
   */
  private void show(CampaignState state) {
    String text = CampaignText.of(CampaignSummary.of(state));
    if (text.equals(shown)) {
      return;
    }
    boolean redraw =
        System.getenv("DORMOUSE_TERMINAL") != null
            && System.getenv("NO_COLOR") == null
            && !shown.isEmpty();
    if (redraw) {
      screen.printf("\u001b[%dA\u001b[J", shown.lines().count());
    }
    screen.println(text.stripTrailing());
    screen.flush();
    shown = text.stripTrailing();
  }
}
