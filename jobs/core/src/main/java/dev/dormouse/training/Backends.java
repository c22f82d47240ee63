package dev.dormouse.training;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.model.CampaignSpec;
import java.util.Map;

/** The backends of a deployment; dispatches to the one that a campaign names. */
public final class Backends implements TrainingBackend {
  private final Map<String, TrainingBackend> byName;

  /** Backends by the names that campaign files use. */
  public Backends(Map<String, TrainingBackend> byName) {
    this.byName = Map.copyOf(byName);
  }

  private TrainingBackend of(CampaignSpec spec) {
    TrainingBackend backend = byName.get(spec.training().backend());
    if (backend == null) {
      throw new TrainingBackendException(
          "Campaign "
              + spec.campaignId()
              + " trains by '"
              + spec.training().backend()
              + "', which this deployment does not have; it has "
              + String.join(", ", byName.keySet().stream().sorted().toList()));
    }
    return backend;
  }

  @Override
  public String launch(CampaignSpec spec, Command.Launch launch) {
    return of(spec).launch(spec, launch);
  }

  @Override
  public Observation observe(CampaignSpec spec, Attempt attempt) {
    try {
      return of(spec).observe(spec, attempt);
    } catch (TrainingBackendException e) {
      return new Observation.Unknown(attempt.key(), e.getMessage());
    }
  }

  @Override
  public void stop(CampaignSpec spec, Command.Stop stop) {
    of(spec).stop(spec, stop);
  }
}
