package dev.dormouse.training;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.RunStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Trains a campaign's baseline once, in the foreground, to check that it runs and how long. */
public final class TrialRun {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  private TrialRun() {}

  /**
   * The outcome.
   *
   * @param runTime duration of the run; empty if it failed
   * @param failure reason of the failure; empty if it succeeded
   */
  public record Result(Optional<Duration> runTime, String failure) {}

  /** Trains the baseline with seed 0 and waits for its end, up to the campaign's time limit. */
  public static Result ofBaseline(CampaignSpec spec, TrainingBackend backend, Clock clock)
      throws InterruptedException {
    Instant now = clock.instant();
    TrialSpec trial =
        new TrialSpec(
            "preflight-" + now.toEpochMilli(),
            Phase.BASELINE,
            spec.baseline(),
            0,
            1,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    TrialKey key = new TrialKey(spec.campaignId(), trial.trialId(), 1);
    Instant notAfter = now.plus(spec.training().timeout());
    Attempt attempt = Attempt.intended(key, trial, 0, notAfter, now);
    backend.launch(spec, new Command.Launch(key, trial, notAfter));
    Instant deadline = notAfter.plus(CampaignSpec.Training.KILL_GRACE);
    while (clock.instant().isBefore(deadline)) {
      if (backend.observe(spec, attempt) instanceof Observation.Ended ended) {
        RunOutcome outcome = ended.outcome();
        return outcome.status() == RunStatus.OK
            ? new Result(
                Optional.of(
                    Duration.between(outcome.startedAt(), outcome.finishedAt()).plusMillis(500)),
                "")
            : new Result(Optional.empty(), outcome.status().id() + ": " + outcome.detail());
      }
      Thread.sleep(POLL_INTERVAL.toMillis());
    }
    return new Result(Optional.empty(), "it did not end within its time limit");
  }
}
