package dev.dormouse.training;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.RunStatus;
import dev.dormouse.runbook.Diagnosis;
import dev.dormouse.runbook.Runbook;
import dev.dormouse.runbook.Symptoms;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * Writes the files that every backend needs in a run directory before a training, and reads the
 * outcome afterwards: all backends use the same wrapper and files.
 */
final class RunFiles {
  /** The script that takes the claim, starts the training, limits its time, and ends it. */
  static final String WRAPPER = "run-trial.sh";

  private static final String CONFIG = "config.json";

  private RunFiles() {}

  /** Writes the wrapper and the trainer's configuration. */
  static void prepare(CampaignSpec spec, Command.Launch launch, RunDirectory run)
      throws IOException {
    Files.createDirectories(run.path());
    run.write(WRAPPER, wrapper());
    run.write(CONFIG, trainerConfig(spec, launch, run.path()));
  }

  /** Returns the training's command line. */
  static String command(CampaignSpec spec, RunDirectory run) {
    return spec.training()
        .command()
        .replace("{config_file}", quoted(run.path().resolve(CONFIG).toString()));
  }

  private static String quoted(String path) {
    return "'" + path.replace("'", "'\\''") + "'";
  }

  private static String wrapper() throws IOException {
    try (InputStream script = RunFiles.class.getResourceAsStream(WRAPPER)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The trainer's configuration file. */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonPropertyOrder(alphabetic = true)
  private record TrainerConfig(
      String runId,
      String campaign,
      Map<String, Object> params,
      long seed,
      double fidelity,
      boolean evaluateTest,
      String outputDir,
      String metric,
      Study study) {}

  private record Study(String dataset, String features) {}

  private static String trainerConfig(CampaignSpec spec, Command.Launch launch, Path outputDir) {
    TrialSpec trial = launch.trial();
    return Json.write(
        new TrainerConfig(
            launch.key().runId(),
            spec.campaignId(),
            TypedParams.of(trial.arm()),
            trial.seed(),
            trial.fidelity(),
            trial.useTestSplit(),
            outputDir.toString(),
            spec.objective().metric(),
            new Study(spec.study().dataset(), spec.study().features())));
  }

  /** Returns how a run ended, from the files that it left. */
  static RunOutcome outcome(
      CampaignSpec spec, RunDirectory run, OptionalInt exitCode, Clock clock) {
    SortedMap<String, Double> metrics = run.metrics();
    Diagnosis diagnosis =
        Runbook.diagnose(
            new Symptoms(exitCode, end(run), spec.objective().asMetric(), metrics, run.logTail()));
    metrics.values().removeIf(value -> value.isNaN());
    if (diagnosis.status() != RunStatus.OK && diagnosis.status() != RunStatus.COLLAPSED) {
      // Metrics of a failed run are no result of its arm.
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
}
