package dev.dormouse.training;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A backend whose trainings may log their final metrics to MLflow instead of leaving a {@code
 * result.json}: what is found there is put into the run directory, and counts from then on.
 */
public final class MlflowResults implements TrainingBackend {
  private static final String RESULT = "result.json";

  /** Where trainers log. */
  public interface Metrics {
    /**
     * The final metrics that a trainer logged.
     *
     * @return empty if it logged none
     * @throws IllegalStateException if that cannot be told now
     */
    Optional<Map<String, Double>> of(String campaignId, String runId);
  }

  private final TrainingBackend backend;
  private final Path workDir;
  private final Metrics metrics;

  /** A backend, with its run directories below {@code workDir}, and where its trainers log. */
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
          run.write(RESULT, Json.write(Map.of("metrics", logged.get())));
        }
      } catch (IOException | IllegalStateException e) {
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
