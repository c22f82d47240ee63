package dev.dormouse.training;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.model.CampaignSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Trains in detached processes of this machine, which outlive the tick that started them. The
 * directory of a run has everything about it: the configuration, the claim that prevents a second
 * start, log, curve, result and exit code.
 */
public final class LocalBackend implements TrainingBackend {
  /** Environment variables that a training inherits, so that runs do not depend on the caller. */
  private static final Set<String> INHERITED =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LANG",
          "LC_ALL",
          "TZ",
          "TMPDIR",
          "LD_LIBRARY_PATH",
          "CUDA_VISIBLE_DEVICES",
          "OMP_NUM_THREADS",
          "DORMOUSE_STATE",
          "DORMOUSE_PYTHON_ENV");

  /** A claimed run without a living process may still be writing its files for so long. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Path workDir;
  private final Clock clock;

  /**
   * A backend.
   *
   * @param workDir directory of the run directories
   * @param clock for the age of files
   */
  public LocalBackend(Path workDir, Clock clock) {
    this.workDir = workDir.toAbsolutePath().normalize();
    this.clock = clock;
  }

  @Override
  public String launch(CampaignSpec spec, Command.Launch launch) {
    RunDirectory run = RunDirectory.of(workDir, launch.key());
    try {
      RunFiles.prepare(spec, launch, run);
      process(spec, launch, run).start();
    } catch (IOException e) {
      throw new TrainingBackendException(
          "Cannot start " + launch.key().runId() + ": " + e.getMessage(), e);
    }
    return run.path().toString();
  }

  private static ProcessBuilder process(
      CampaignSpec spec, Command.Launch launch, RunDirectory run) {
    ProcessBuilder process =
        new ProcessBuilder(
                "setsid",
                "sh",
                run.path().resolve(RunFiles.WRAPPER).toString(),
                run.path().toString(),
                spec.guardrails().repository(),
                Long.toString(launch.launchNotAfter().getEpochSecond()),
                Long.toString(Math.max(1, spec.training().timeout().toSeconds())),
                RunFiles.command(spec, run))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(run.path().resolve("log.txt").toFile()));
    process.environment().keySet().retainAll(INHERITED);
    return process;
  }

  @Override
  public Observation observe(CampaignSpec spec, Attempt attempt) {
    TrialKey key = attempt.key();
    RunDirectory run = RunDirectory.of(workDir, key);
    try {
      Set<String> files = run.files();
      if (!files.contains("claim")) {
        return new Observation.NotFound(key, clock.instant());
      }
      if (files.contains("aborted")) {
        return new Observation.AbortedLate(key);
      }
      // Checked before the exit code: a run that ends in between has its exit code by then.
      boolean alive = isAlive(run, files, "pid") || isAlive(run, files, "trainer");
      Optional<Long> exit = run.has("exit") ? run.number("exit") : Optional.empty();
      if (exit.isEmpty() && (alive || isRecent(run))) {
        return new Observation.Running(key, run.path().toString(), run.curveOf(attempt));
      }
      OptionalInt exitCode =
          exit.map(code -> OptionalInt.of(code.intValue())).orElse(OptionalInt.empty());
      return new Observation.Ended(
          key, run.path().toString(), RunFiles.outcome(spec, run, exitCode, clock));
    } catch (UncheckedIOException e) {
      return new Observation.Unknown(key, "Cannot read " + run.path() + ": " + e.getMessage());
    }
  }

  private boolean isRecent(RunDirectory run) {
    Instant lastSign = run.time("trainer").or(() -> run.time("claim")).orElse(Instant.MIN);
    return lastSign.isAfter(clock.instant().minus(GRACE));
  }

  /** Returns whether the process with the recorded id lives, and is no later one with that id. */
  private static boolean isAlive(RunDirectory run, Set<String> files, String pidFile) {
    if (!files.contains(pidFile)) {
      return false;
    }
    Instant recordedAt = run.time(pidFile).orElse(Instant.MIN);
    return run.number(pidFile).filter(pid -> LivingProcess.isAlive(pid, recordedAt)).isPresent();
  }

  @Override
  public void stop(CampaignSpec spec, Command.Stop stop) {
    RunDirectory run = RunDirectory.of(workDir, stop.key());
    Set<String> files = run.files();
    if (files.contains("exit") || !isAlive(run, files, "pid")) {
      return;
    }
    try {
      run.write("stopped", stop.reason());
    } catch (IOException e) {
      throw new TrainingBackendException(
          "Cannot stop " + stop.key().runId() + ": " + e.getMessage(), e);
    }
    // The wrapper ends the trainer's whole session and records its exit code.
    run.number("pid").flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroy);
  }
}
