package dev.dormouse.campaign;

import java.time.Instant;

/**
 * What the shell is to do once the events of the same decision are committed. Carrying one out
 * twice is harmless.
 */
public sealed interface Command {
  /** Start a training run under the identity of its attempt. */
  record Launch(TrialKey key, TrialSpec trial, Instant launchNotAfter) implements Command {}

  /** Stop a training run. */
  record Stop(TrialKey key, String reason) implements Command {}
}
