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
 * Runs ticks for the demo, each in a process of its own: one when a training has ended, or after
 * some seconds. Prints the campaign's status after each tick.
 */
final class DemoScheduler {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(15);
  private static final Duration LONGEST_DEMO = Duration.ofMinutes(30);
  private static final int MOST_FAILED_TICKS = 5;

  private final DemoServices services;
  private final String campaignId;
  private final KernelLake lake;
  private final PrintWriter screen;
  private String shown = "";

  DemoScheduler(DemoServices services, String campaignId, KernelLake lake, PrintWriter screen) {
    this.services = services;
    this.campaignId = campaignId;
    this.lake = lake;
    this.screen = screen;
  }

  /**
   * Runs ticks until the campaign is over, and returns their number.
   *
   * @param mlflow tracking server to publish to
   * @throws CommandException if ticks keep failing, or the campaign takes too long
   */
  int run(Optional<URI> mlflow) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(LONGEST_DEMO);
    int ticks = 0;
    int failed = 0;
    while (Instant.now().isBefore(deadline)) {
      int code = services.tick(mlflow);
      ticks++;
      failed = code == ExitCode.OK ? 0 : failed + 1;
      if (failed == MOST_FAILED_TICKS) {
        throw new CommandException(
            ExitCode.BUG,
            MOST_FAILED_TICKS + " ticks in a row failed; see " + services.log("ticks.log") + ".");
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
      Thread.sleep(POLL_INTERVAL.toMillis());
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

  /** Prints the status if it has changed; on a terminal over the one before. */
  private void show(CampaignState state) {
    String text = CampaignText.of(CampaignSummary.of(state)).stripTrailing();
    if (text.equals(shown)) {
      return;
    }
    if (LauncherEnvironment.canRedraw() && !shown.isEmpty()) {
      screen.printf("\u001b[%dA\u001b[J", shown.lines().count());
    }
    screen.println(text);
    screen.flush();
    shown = text;
  }
}
