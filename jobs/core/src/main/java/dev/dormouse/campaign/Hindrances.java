package dev.dormouse.campaign;

import dev.dormouse.runbook.Redaction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What keeps the runs of a campaign from being launched or seen, told once and not at each look.
 */
public final class Hindrances {
  private static final int LENGTH = 500;

  private Hindrances() {}

  /**
   * The event that tells what has changed; empty if nothing has.
   *
   * @param state before this look
   * @param observations what the look showed
   * @param failedLaunches why launches did not succeed
   */
  public static Optional<CampaignEvent.Hindered> change(
      CampaignState state, List<Observation> observations, List<String> failedLaunches) {
    String reason =
        Stream.concat(
                observations.stream().flatMap(observation -> reason(observation).stream()),
                failedLaunches.stream())
            .map(Redaction::of)
            .distinct()
            .sorted()
            .collect(Collectors.joining("; "));
    String kept = reason.length() <= LENGTH ? reason : reason.substring(0, LENGTH) + " ...";
    return kept.equals(state.hindrance())
        ? Optional.empty()
        : Optional.of(new CampaignEvent.Hindered(kept));
  }

  private static Optional<String> reason(Observation observation) {
    if (observation instanceof Observation.Unknown unknown) {
      return Optional.of(unknown.reason());
    }
    return observation instanceof Observation.Queued queued ? queued.hindrance() : Optional.empty();
  }
}
