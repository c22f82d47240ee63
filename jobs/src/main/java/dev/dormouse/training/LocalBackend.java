package dev.dormouse.training;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.RunStatus;
import dev.dormouse.runbook.Diagnosis;
import dev.dormouse.runbook.Runbook;
import dev.dormouse.runbook.Symptoms;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Trains in detached processes of this machine, which outlive the tick that started them.
 * Everything about a run lies in its directory: the configuration, the claim that fences it, its
 * log, curve, result and exit code.
 */
public final class LocalBackend implements TrainingBackend {
  private static final String WRAPPER = "run-trial.sh";

  /** A run that was claimed but shows no living process may still be writing its last files. */
  private static final Duration DYING = Duration.ofSeconds(5);

  private final Path workDir;
  private final Clock clock;

  /**
   * A backend.
   *
   * @param workDir where run directories are made
   * @param clock tells how long a run has shown no sign of life
   */
  public LocalBackend(Path workDir, Clock clock) {
    this.workDir = workDir.toAbsolutePath().normalize();
    this.clock = clock;
  }

  @Override
  public String launch(CampaignSpec spec, Command.Launch launch) {
    RunDirectory run = RunDirectory.of(workDir, launch.key());
    try {
      Files.createDirectories(run.path());
      Path wrapper = workDir.resolve(WRAPPER);
      install(wrapper);
      Path config = run.path().resolve("config.json");
      writeAtomically(config, TrainerConfig.json(spec, launch.trial(), run.path()));
      String command =
          spec.training().command().replace("{config_file}", quoted(config.toString()));
      new ProcessBuilder(
              List.of(
                  "setsid",
                  "sh",
                  wrapper.toString(),
                  run.path().toString(),
                  spec.guardrails().repository(),
                  Long.toString(launch.launchNotAfter().getEpochSecond()),
                  Long.toString(spec.training().timeout().toSeconds()),
                  command))
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(run.path().resolve("log.txt").toFile()))
          .start();
    } catch (IOException e) {
      throw new TrainingBackendException(
          "Cannot start " + launch.key().runId() + ": " + e.getMessage(), e);
    }
    return run.path().toString();
  }

  private static void install(Path wrapper) throws IOException {
    if (Files.exists(wrapper)) {
      return;
    }
    try (InputStream script = LocalBackend.class.getResourceAsStream(WRAPPER)) {
      Path temporary = Files.createTempFile(wrapper.getParent(), WRAPPER, ".tmp");
      Files.copy(script, temporary, StandardCopyOption.REPLACE_EXISTING);
      Files.move(temporary, wrapper, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void writeAtomically(Path file, String content) throws IOException {
    Path temporary = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".tmp");
    Files.writeString(temporary, content);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String quoted(String path) {
    return "'" + path.replace("'", "'\\''") + "'";
  }

  @Override
  public Observation observe(CampaignSpec spec, Attempt attempt) {
    TrialKey key = attempt.key();
    RunDirectory run = RunDirectory.of(workDir, key);
    try {
      if (!run.isClaimed()) {
        return new Observation.NotFound(key);
      }
      if (run.has("aborted")) {
        return new Observation.AbortedLate(key);
      }
      Optional<Long> exit = run.number("exit");
      if (exit.isPresent()) {
        return ended(spec, attempt, run, OptionalInt.of(exit.get().intValue()));
      }
      if (isAlive(run) || Duration.between(run.claimedAt(), clock.instant()).compareTo(DYING) < 0) {
        return new Observation.Running(key, run.path().toString());
      }
      // It may have ended between the two looks.
      return ended(
          spec,
          attempt,
          run,
          run.number("exit")
              .map(code -> OptionalInt.of(code.intValue()))
              .orElse(OptionalInt.empty()));
    } catch (UncheckedIOException | NumberFormatException e) {
      return new Observation.Unknown(key, "cannot read " + run.path() + ": " + e.getMessage());
    }
  }

  /** A process with the recorded id lives, and is not a younger one that got the same id. */
  private static boolean isAlive(RunDirectory run) {
    Optional<ProcessHandle> process =
        run.number("pid").flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
    Instant latestStart = run.claimedAt().plusSeconds(2);
    return process
        .flatMap(p -> p.info().startInstant())
        .map(start -> start.isBefore(latestStart))
        .orElse(process.isPresent());
  }

  private Observation ended(
      CampaignSpec spec, Attempt attempt, RunDirectory run, OptionalInt exitCode) {
    String metric = spec.objective().metric();
    Map<String, Double> metrics = run.metrics();
    Diagnosis diagnosis =
        Runbook.diagnose(
            new Symptoms(
                exitCode, run.has("timed-out"), metric, new TreeMap<>(metrics), run.logTail()));
    Instant started = run.instant("started").orElse(run.claimedAt());
    Instant finished = run.instant("finished").orElse(clock.instant());
    TreeMap<String, Double> usable = new TreeMap<>(metrics);
    usable.values().removeIf(value -> !Double.isFinite(value));
    if (diagnosis.status() != RunStatus.OK && diagnosis.status() != RunStatus.COLLAPSED) {
      usable.clear();
    }
    List<MetricPoint> curve = run.curve();
    long cost = GpuHours.micros(Duration.between(started, finished), spec.training().gpus());
    String detail =
        (diagnosis.cause() + (diagnosis.evidence().isEmpty() ? "" : ": " + diagnosis.evidence()))
            .strip();
    RunOutcome outcome =
        new RunOutcome(
            diagnosis.status(),
            usable,
            curve,
            started,
            finished,
            Math.max(0, cost),
            diagnosis.rule(),
            detail);
    return new Observation.Ended(attempt.key(), run.path().toString(), outcome);
  }

  @Override
  public void stop(CampaignSpec spec, Command.Stop stop) {
    RunDirectory run = RunDirectory.of(workDir, stop.key());
    if (run.isClaimed() && !run.has("exit") && isAlive(run)) {
      // The wrapper leads a session of its own; its children go first so that it records their exit
      // code.
      run.number("pid")
          .flatMap(ProcessHandle::of)
          .ifPresent(wrapper -> wrapper.descendants().forEach(ProcessHandle::destroy));
    }
  }

  /** The trainer's configuration file, see {@code jobs/examples/ctr/train.py}. */
  private static final class TrainerConfig {
    private TrainerConfig() {}

    static String json(CampaignSpec spec, TrialSpec trial, Path outputDir) {
      Map<String, Object> config = new TreeMap<>();
      config.put("params", TypedParams.of(trial.arm()));
      config.put("seed", trial.seed());
      config.put("fidelity", trial.fidelity());
      config.put("evaluate_test", trial.useTestSplit());
      config.put("output_dir", outputDir.toString());
      config.put("metric", spec.objective().metric());
      config.put(
          "study", Map.of("dataset", spec.study().dataset(), "features", spec.study().features()));
      return dev.dormouse.table.Json.write(config);
    }
  }
}
