package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignState;
import java.util.Optional;

/** Provides the files that a campaign's log does not hold. */
@FunctionalInterface
public interface ArtifactSource {
  /** Provides no files. */
  ArtifactSource NONE = (state, artifact) -> Optional.empty();

  /** Returns the text of a file; empty if there is none, then the file is left out. */
  Optional<String> text(CampaignState state, Artifact artifact);
}
