package dev.dormouse.training;

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
import java.util.TreeMap;

/**
 * What every backend puts into a run directory before a training, and reads from it afterwards:
 * wherever the training runs, it is started by the same wrapper and told by the same files.
 */
final class RunFiles {
  /** The script that fences, times and ends a training. */
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

  /** The training's command line. */
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

  /** The trainer's configuration file: the arm, its seed, and where results go. */
  private static String trainerConfig(CampaignSpec spec, Command.Launch launch, Path outputDir) {
    TrialSpec trial = launch.trial();
    Map<String, Object> config = new TreeMap<>();
    config.put("run_id", launch.key().runId());
    config.put("campaign", spec.campaignId());
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

  /** How a run ended, by what it left behind. */
  static RunOutcome outcome(
      CampaignSpec spec, RunDirectory run, OptionalInt exitCode, Clock clock) {
    SortedMap<String, Double> metrics = run.metrics();
    Diagnosis diagnosis =
        Runbook.diagnose(
            new Symptoms(exitCode, end(run), spec.objective().asMetric(), metrics, run.logTail()));
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
}
