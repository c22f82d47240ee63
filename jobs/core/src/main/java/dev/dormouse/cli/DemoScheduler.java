package dev.dormouse.cli;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.Phase;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.CampaignText;
import dev.dormouse.tick.CampaignLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Runs ticks for the demo, each in a process of its own: one when a training has ended, or after
 * some seconds. Prints the campaign's status after each tick. Kills one training, as a machine does
 * that loses power, to show how a campaign recovers.
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
  private boolean hasKilled;

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
      if (!hasKilled) {
        kill(state);
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
    return Files.exists(directory(attempt).resolve("exit"));
  }

  /** Kills the first training of the validation phase with all its processes, once it trains. */
  private void kill(CampaignState state) throws IOException, InterruptedException {
    Optional<Attempt> victim =
        state.open().stream()
            .filter(attempt -> attempt.trial().phase() == Phase.VALIDATION)
            .findFirst();
    if (victim.isEmpty()) {
      return;
    }
    Path directory = directory(victim.get());
    Instant latest = Instant.now().plus(LONGEST_SLEEP);
    while (!Files.exists(directory.resolve("trainer")) && Instant.now().isBefore(latest)) {
      Thread.sleep(POLL_INTERVAL.toMillis());
    }
    if (!Files.exists(directory.resolve("trainer"))) {
      return;
    }
    Optional<ProcessHandle> wrapper =
        ProcessHandle.of(Long.parseLong(Files.readString(directory.resolve("pid")).strip()));
    if (wrapper.isEmpty() || hasEnded(victim.get())) {
      return;
    }
    List<ProcessHandle> trainers = wrapper.get().descendants().toList();
    wrapper.get().destroyForcibly();
    trainers.forEach(ProcessHandle::destroyForcibly);
    hasKilled = true;
    shown = "";
    screen.println(
        "The demo killed the training "
            + victim.get().trial().trialId()
            + ", as a power cut would, to show how a campaign recovers.");
    screen.flush();
  }

  private Path directory(Attempt attempt) {
    return services
        .workDir()
        .resolve(campaignId)
        .resolve(attempt.trial().trialId())
        .resolve(Integer.toString(attempt.key().attempt()));
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
