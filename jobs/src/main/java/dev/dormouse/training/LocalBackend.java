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
import dev.dormouse.table.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trains in detached processes of this machine, which outlive the tick that started them.
 * Everything about a run lies in its directory: the configuration, the claim that fences it, its
 * log, curve, result and exit code.
 */
public final class LocalBackend implements TrainingBackend {
  private static final String WRAPPER = "run-trial.sh";

  /** All that a training inherits of the environment, so that runs do not depend on who ticks. */
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

  /** A run that was claimed but shows no living process may still be writing its files. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

  /** The system's start times of processes are only this exact. */
  private static final Duration START_TIME_ERROR = Duration.ofSeconds(2);

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
      run.write(WRAPPER, wrapper());
      run.write("config.json", trainerConfig(spec, launch.trial(), run.path()));
      process(spec, launch, run).start();
    } catch (IOException e) {
      throw new TrainingBackendException(
          "Cannot start " + launch.key().runId() + ": " + e.getMessage(), e);
    }
    return run.path().toString();
  }

  private static ProcessBuilder process(
      CampaignSpec spec, Command.Launch launch, RunDirectory run) {
    Path config = run.path().resolve("config.json");
    ProcessBuilder process =
        new ProcessBuilder(
                "setsid",
                "sh",
                run.path().resolve(WRAPPER).toString(),
                run.path().toString(),
                spec.guardrails().repository(),
                Long.toString(launch.launchNotAfter().getEpochSecond()),
                Long.toString(Math.max(1, spec.training().timeout().toSeconds())),
                spec.training().command().replace("{config_file}", quoted(config.toString())))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(run.path().resolve("log.txt").toFile()));
    process.environment().keySet().retainAll(INHERITED);
    return process;
  }

  private static String wrapper() throws IOException {
    try (InputStream script = LocalBackend.class.getResourceAsStream(WRAPPER)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The trainer's configuration file: the arm, its seed, and where results go. */
  private static String trainerConfig(CampaignSpec spec, TrialSpec trial, Path outputDir) {
    Map<String, Object> config = new TreeMap<>();
    config.put("params", TypedParams.of(trial.arm()));
    config.put("seed", trial.seed());
    config.put("fidelity", trial.fidelity());
    config.put("evaluate_test", trial.useTestSplit());
    config.put("output_dir", outputDir.toString());
    config.put("metric", spec.objective().metric());
    config.put(
        "study", Map.of("dataset", spec.study().dataset(), "features", spec.study().features()));
    return Json.write(config);
  }

  private static String quoted(String path) {
    return "'" + path.replace("'", "'\\''") + "'";
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
      // Looked at before the exit code: a run that ends in between has its exit code by then.
      boolean alive = isAlive(run, files, "pid") || isAlive(run, files, "trainer");
      Optional<Long> exit = run.has("exit") ? run.number("exit") : Optional.empty();
      if (exit.isEmpty() && (alive || isYoung(run))) {
        return new Observation.Running(key, run.path().toString(), curve(run, files, attempt));
      }
      OptionalInt exitCode =
          exit.map(code -> OptionalInt.of(code.intValue())).orElse(OptionalInt.empty());
      return new Observation.Ended(key, run.path().toString(), outcome(spec, run, exitCode));
    } catch (UncheckedIOException e) {
      return new Observation.Unknown(key, "Cannot read " + run.path() + ": " + e.getMessage());
    }
  }

  /** Only a search asks how a run that still trains is doing. */
  private static List<MetricPoint> curve(RunDirectory run, Set<String> files, Attempt attempt) {
    boolean asked = attempt.trial().phase().isSearch() && files.contains("metrics.jsonl");
    return asked ? run.curve() : List.of();
  }

  private boolean isYoung(RunDirectory run) {
    Instant lastSign = run.time("trainer").or(() -> run.time("claim")).orElse(Instant.MIN);
    return lastSign.isAfter(clock.instant().minus(SIGN_OF_LIFE));
  }

  /** A process with the recorded id lives, and is not a younger one that got the same id. */
  private static boolean isAlive(RunDirectory run, Set<String> files, String pidFile) {
    if (!files.contains(pidFile)) {
      return false;
    }
    Optional<Instant> start = run.number(pidFile).flatMap(LivingProcess::startOf);
    Instant latestStart = run.time(pidFile).orElse(Instant.MIN).plus(START_TIME_ERROR);
    return start.map(latestStart::isAfter).orElse(false);
  }

  private RunOutcome outcome(CampaignSpec spec, RunDirectory run, OptionalInt exitCode) {
    SortedMap<String, Double> metrics = run.metrics();
    Diagnosis diagnosis =
        Runbook.diagnose(
            new Symptoms(exitCode, end(run), spec.objective().metric(), metrics, run.logTail()));
    metrics.values().removeIf(value -> value.isNaN());
    if (diagnosis.status() != RunStatus.OK && diagnosis.status() != RunStatus.COLLAPSED) {
      // What a failed run left behind is no result of its arm.
      metrics.clear();
    }
    Instant started = run.time("started").or(() -> run.time("claim")).orElseGet(clock::instant);
    Instant finished = run.time("exit").or(() -> run.time("log.txt")).orElse(started);
    Duration length = Duration.between(started, finished);
    return new RunOutcome(
        diagnosis.status(),
        metrics,
        run.curve(),
        started,
        finished,
        GpuHours.micros(length.isNegative() ? Duration.ZERO : length, spec.training().gpus()),
        diagnosis.rule(),
        diagnosis.text());
  }

  private static Symptoms.End end(RunDirectory run) {
    if (run.has("stopped")) {
      return Symptoms.End.STOPPED;
    }
    return run.has("timed-out") ? Symptoms.End.TIMED_OUT : Symptoms.End.ITSELF;
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
