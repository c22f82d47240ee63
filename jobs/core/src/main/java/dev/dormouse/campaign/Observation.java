package dev.dormouse.campaign;

import dev.dormouse.model.MetricPoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a look at one open attempt showed. What is unknown is never taken for failed. */
public sealed interface Observation {
  /** The attempt that was looked at. */
  TrialKey key();

  /**
   * No trace of a run: it was never launched, or the launch is still on its way.
   *
   * @param asOf when that was so, by the clock of the backend: whether a launch has become
   *     impossible is decided by the clock that makes late launches abort themselves, not by ours
   */
  record NotFound(TrialKey key, Instant asOf) implements Observation {}

  /**
   * It waits to run.
   *
   * @param externalId the backend's id of the run
   * @param hindrance why it may wait for long; empty if nothing is known to stand in its way
   */
  record Queued(TrialKey key, String externalId, Optional<String> hindrance)
      implements Observation {}

  /**
   * It runs.
   *
   * @param externalId the backend's id of the run
   * @param curve its learning curve so far, in order of step; empty where the backend shows none
   */
  record Running(TrialKey key, String externalId, List<MetricPoint> curve) implements Observation {
    public Running {
      curve = List.copyOf(curve);
    }
  }

  /** It ended. */
  record Ended(TrialKey key, String externalId, RunOutcome outcome) implements Observation {}

  /** It came too late and aborted itself before training: it never will run. */
  record AbortedLate(TrialKey key) implements Observation {}

  /** The backend could not be asked. */
  record Unknown(TrialKey key, String reason) implements Observation {}
}
