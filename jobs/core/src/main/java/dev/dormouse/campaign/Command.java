package dev.dormouse.campaign;

import java.time.Instant;
import java.util.function.Function;

/**
 * An action of the shell, to be carried out once the events of the same decision are committed.
 * Carrying one out twice is harmless.
 */
public sealed interface Command {
  /** Applies the function for this kind of command. */
  <R> R map(Function<Launch, R> launch, Function<Stop, R> stop);

  /** Start a training run under the identity of its attempt. */
  record Launch(TrialKey key, TrialSpec trial, Instant launchNotAfter) implements Command {
    @Override
    public <R> R map(Function<Launch, R> launch, Function<Stop, R> stop) {
      return launch.apply(this);
    }
  }

  /** Stop a training run. */
  record Stop(TrialKey key, String reason) implements Command {
    @Override
    public <R> R map(Function<Launch, R> launch, Function<Stop, R> stop) {
      return stop.apply(this);
    }
  }
}
