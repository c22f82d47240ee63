package dev.dormouse.training;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.table.Json;
import dev.dormouse.tracking.MlflowException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A backend whose trainings may log their final metrics to MLflow instead of writing a {@code
 * result.json}: copies these metrics into the run directory once the training has succeeded.
 */
public final class MlflowResults implements TrainingBackend {
  private static final String RESULT = "result.json";

  /** Reads the metrics that trainers log. */
  @FunctionalInterface
  public interface Metrics {
    /**
     * Returns the final metrics that a trainer logged; empty if it logged none.
     *
     * @throws MlflowException if the server cannot be read
     */
    Optional<Map<String, Double>> of(String campaignId, String runId);
  }

  private record Result(Map<String, Double> metrics) {}

  private final TrainingBackend backend;
  private final Path workDir;
  private final Metrics metrics;

  /**
   * A backend.
   *
   * @param workDir where {@code backend} has its run directories
   */
  public MlflowResults(TrainingBackend backend, Path workDir, Metrics metrics) {
    this.backend = backend;
    this.workDir = workDir;
    this.metrics = metrics;
  }

  @Override
  public String launch(CampaignSpec spec, Command.Launch launch) {
    return backend.launch(spec, launch);
  }

  @Override
  public Observation observe(CampaignSpec spec, Attempt attempt) {
    RunDirectory run = RunDirectory.of(workDir, attempt.key());
    boolean succeeded = run.number("exit").filter(code -> code == 0).isPresent();
    if (succeeded && !run.has(RESULT)) {
      try {
        Optional<Map<String, Double>> logged =
            metrics.of(attempt.key().campaignId(), attempt.key().runId());
        if (logged.isPresent()) {
          run.write(RESULT, Json.write(new Result(logged.get())));
        }
      } catch (IOException | MlflowException e) {
        return new Observation.Unknown(attempt.key(), e.getMessage());
      }
    }
    return backend.observe(spec, attempt);
  }

  @Override
  public void stop(CampaignSpec spec, Command.Stop stop) {
    backend.stop(spec, stop);
  }
}
