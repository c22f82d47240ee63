package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignState;
import java.util.Optional;

/** Where the outbox gets files from that a campaign's log does not hold. */
@FunctionalInterface
public interface ArtifactSource {
  /** Knows none: only what the log holds is published. */
  ArtifactSource NONE = (state, artifact) -> Optional.empty();

  /** The text of a file; empty if there is none (any more), which leaves it out. */
  Optional<String> text(CampaignState state, Artifact artifact);
}
