package dev.dormouse.campaign;

import dev.dormouse.model.MetricPoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The state of one open attempt as the backend shows it. What is unknown is not a failure. */
public sealed interface Observation {
  /** The observed attempt. */
  TrialKey key();

  /** Calls the visitor's method for this kind of observation. */
  void accept(Visitor visitor);

  /** Returns why the run cannot be launched or observed; empty if no reason is known. */
  default Optional<String> hindrance() {
    return Optional.empty();
  }

  /** Handles each kind of observation. */
  interface Visitor {
    /** Handles an attempt of which the backend has no trace. */
    void notFound(NotFound observation);

    /** Handles an attempt that waits to run. */
    void queued(Queued observation);

    /** Handles an attempt that runs. */
    void running(Running observation);

    /** Handles an attempt that ended. */
    void ended(Ended observation);

    /** Handles an attempt that was launched too late and aborted itself. */
    void abortedLate(AbortedLate observation);

    /** Handles an attempt that could not be asked about. */
    void unknown(Unknown observation);
  }

  /**
   * No trace of a run: it was never launched, or the launch is still on its way.
   *
   * @param asOf when that was so, by the clock of the backend: whether a launch has become
   *     impossible is decided by the clock that makes late launches abort themselves, not by ours
   */
  record NotFound(TrialKey key, Instant asOf) implements Observation {
    @Override
    public void accept(Visitor visitor) {
      visitor.notFound(this);
    }
  }

  /**
   * It waits to run.
   *
   * @param externalId the backend's id of the run
   * @param hindrance why it may wait for long; empty if no reason is known
   */
  record Queued(TrialKey key, String externalId, Optional<String> hindrance)
      implements Observation {
    @Override
    public void accept(Visitor visitor) {
      visitor.queued(this);
    }
  }

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

    @Override
    public void accept(Visitor visitor) {
      visitor.running(this);
    }
  }

  /** It ended. */
  record Ended(TrialKey key, String externalId, RunOutcome outcome) implements Observation {
    @Override
    public void accept(Visitor visitor) {
      visitor.ended(this);
    }
  }

  /** It was launched too late and aborted itself before training: it will never run. */
  record AbortedLate(TrialKey key) implements Observation {
    @Override
    public void accept(Visitor visitor) {
      visitor.abortedLate(this);
    }
  }

  /** The backend could not be asked. */
  record Unknown(TrialKey key, String reason) implements Observation {
    @Override
    public Optional<String> hindrance() {
      return Optional.of(reason);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.unknown(this);
    }
  }
}
