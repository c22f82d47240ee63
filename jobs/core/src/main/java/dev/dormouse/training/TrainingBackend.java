package dev.dormouse.training;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.model.CampaignSpec;

/** Runs training jobs. Launching the same attempt any number of times trains it at most once. */
public interface TrainingBackend {
  /**
   * Starts a training run that outlives this process.
   *
   * @return the backend's id of the run; the same for every launch of the same attempt
   * @throws TrainingBackendException if it could not be started, or this is unknown
   */
  String launch(CampaignSpec spec, Command.Launch launch);

  /**
   * Observes an attempt without starting anything. A failure of the backend gives {@link
   * Observation.Unknown}, not an exception.
   */
  Observation observe(CampaignSpec spec, Attempt attempt);

  /** Stops a run if it is still running. */
  void stop(CampaignSpec spec, Command.Stop stop);
}
