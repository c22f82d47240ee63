package dev.dormouse.campaign;

import dev.dormouse.runbook.Redaction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Records why runs of a campaign cannot be launched or observed: once, not at each tick. */
public final class Hindrances {
  private static final int LENGTH = 500;

  private Hindrances() {}

  /**
   * Returns the event that records a change of the reason; empty if it is the same as before.
   *
   * @param state the state before this tick
   * @param observations the observations of this tick
   * @param failedLaunches why launches failed
   */
  public static Optional<CampaignEvent.Hindered> change(
      CampaignState state, List<Observation> observations, List<String> failedLaunches) {
    String reason =
        Stream.concat(
                observations.stream().flatMap(observation -> observation.hindrance().stream()),
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
}
