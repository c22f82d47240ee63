package dev.dormouse.campaign;

/** What a look at one open attempt showed. What is unknown is never taken for failed. */
public sealed interface Observation {
  /** The attempt that was looked at. */
  TrialKey key();

  /** No trace of a run: it was never launched, or the launch is still on its way. */
  record NotFound(TrialKey key) implements Observation {}

  /** It runs, or waits to run, under this id of the backend. */
  record Running(TrialKey key, String externalId) implements Observation {}

  /** It ended. */
  record Ended(TrialKey key, String externalId, RunOutcome outcome) implements Observation {}

  /** It came too late and aborted itself before training: it never will run. */
  record AbortedLate(TrialKey key) implements Observation {}

  /** The backend could not be asked. */
  record Unknown(TrialKey key, String reason) implements Observation {}
}
