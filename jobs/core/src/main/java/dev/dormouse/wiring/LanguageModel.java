package dev.dormouse.wiring;

import dev.dormouse.config.Deployment;
import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.llm.LlmJobs;
import dev.dormouse.model.CampaignSpec;
import java.time.Clock;
import java.util.Optional;

/** Opens the deployment's language model for a campaign. */
final class LanguageModel {
  private LanguageModel() {}

  /** Returns the model; empty if none is configured or the campaign's file forbids it. */
  static Optional<LlmBatches> of(Deployment deployment, CampaignSpec spec, SparkLake lake) {
    if (spec.sources().llm() == CampaignSpec.LlmUse.NEVER) {
      return Optional.empty();
    }
    return deployment
        .llm()
        .map(settings -> settings.withCampaignCap(spec.budget().llmUsd()))
        .map(settings -> LlmJobs.on(lake, settings, Clock.systemUTC()));
  }
}
