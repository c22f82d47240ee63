package dev.dormouse.wiring;

import dev.dormouse.config.Deployment;
import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.llm.LlmJobs;
import dev.dormouse.model.CampaignSpec;
import java.time.Clock;
import java.util.Optional;

/** Whether and how a campaign may ask the deployment's language model. */
final class LanguageModel {
  private static final String NEVER = "false";

  private LanguageModel() {}

  /** The model, if one is configured and the campaign's file does not forbid it. */
  static Optional<LlmBatches> of(Deployment deployment, CampaignSpec spec, SparkLake lake) {
    if (spec.sources().llm().equals(NEVER)) {
      return Optional.empty();
    }
    return deployment
        .llm()
        .map(settings -> settings.withCampaignCap(spec.budget().llmUsd()))
        .map(settings -> LlmJobs.on(lake, settings, Clock.systemUTC()));
  }
}
