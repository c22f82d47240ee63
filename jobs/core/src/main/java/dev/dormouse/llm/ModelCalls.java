package dev.dormouse.llm;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes calls within caps and rates: waits until the ledger admits a call, journals its
 * reservation, sends it, journals its outcome, and retries what failed without being billed.
 */
final class ModelCalls {
  /** Retries at the time that {@link Outcome#retryAfter} says; {@link Retries} limits attempts. */
  private static final RetryPolicy<Outcome> RETRY_POLICY =
      RetryPolicy.<Outcome>builder()
          .handleIf((outcome, failure) -> outcome != null && outcome.retryAfter().isPresent())
          .withDelayFn(context -> context.getLastResult().retryAfter().orElseThrow())
          .withMaxAttempts(-1)
          .build();

  private final Clock clock;
  private final LlmLedger ledger;
  private final LlmJournal journal;
  private final ModelClient client;
  private final String callPrefix = UUID.randomUUID().toString().substring(0, 8) + '-';
  private final AtomicLong calls = new AtomicLong();
  private final ReentrantLock turn = new ReentrantLock(true);

  /** Opens for 15 s when half of the calls fail for reasons that do not lie in the questions. */
  private final CircuitBreaker<Object> breaker =
      CircuitBreaker.builder()
          .withFailureRateThreshold(50, 10, Duration.ofSeconds(10))
          .withDelay(Duration.ofSeconds(15))
          .build();

  ModelCalls(LlmLedger ledger, LlmJournal journal, ModelClient client, Clock clock) {
    this.ledger = ledger;
    this.journal = journal;
    this.client = client;
    this.clock = clock;
  }

  /**
   * The outcome of a question, whose answer is not checked yet.
   *
   * @param answer the answer; empty if there is none
   * @param status why there is none
   * @param detail what went wrong, in a sentence; empty if nothing did
   * @param cached whether the answer was known before
   * @param retryAfter when to try again; empty if this outcome is the last
   */
  record Outcome(
      Optional<LlmEvent.Answered> answer,
      LlmStatus status,
      String detail,
      boolean cached,
      Optional<Duration> retryAfter) {
    static Outcome answered(LlmEvent.Answered answer, boolean cached) {
      return new Outcome(Optional.of(answer), LlmStatus.OK, "", cached, Optional.empty());
    }

    static Outcome failed(LlmStatus status, String detail, Optional<Duration> retryAfter) {
      return new Outcome(Optional.empty(), status, detail, false, retryAfter);
    }
  }

  /** Asks a question, unless its answer is known, with as many attempts as are useful. */
  Outcome ask(LlmRequest request) {
    return Failsafe.with(RETRY_POLICY)
        .get(execution -> attempt(request, execution.getAttemptCount() + 1));
  }

  private Outcome attempt(LlmRequest request, int attempt) {
    Admission admission = awaitAdmission(request);
    if (admission instanceof Admission.Cached cached) {
      return Outcome.answered(cached.answer(), true);
    }
    if (admission instanceof Admission.Refused refused) {
      return Outcome.failed(refused.status(), refused.reason(), Optional.empty());
    }
    LlmEvent event = send(((Admission.Allowed) admission).reservation(), request);
    record(event);
    if (event instanceof LlmEvent.Answered answer) {
      return Outcome.answered(answer, false);
    }
    LlmEvent.Failed failed = (LlmEvent.Failed) event;
    return Outcome.failed(
        failed.status(),
        failed.detail(),
        breaker.isOpen() ? Optional.empty() : Retries.next(failed.status(), attempt));
  }

  private Admission awaitAdmission(LlmRequest request) {
    Admission admission = journal.locked(() -> admit(request));
    while (admission instanceof Admission.Wait wait) {
      if (wait.allRequests()) {
        // One after the other: all would wake up for a turn that only one can have.
        turn.lock();
      }
      try {
        sleep(wait.delay());
        admission = journal.locked(() -> admit(request));
      } finally {
        if (wait.allRequests()) {
          turn.unlock();
        }
      }
    }
    return admission;
  }

  private Admission admit(LlmRequest request) {
    Admission admission =
        ledger.admit(
            request,
            callPrefix + calls.incrementAndGet(),
            CallOwner.CURRENT,
            clock.instant(),
            CallOwner::mayBeAlive);
    if (admission instanceof Admission.Allowed allowed) {
      journal.append(allowed.reservation());
    }
    return admission;
  }

  private LlmEvent send(LlmEvent.Reserved call, LlmRequest request) {
    if (!breaker.tryAcquirePermit()) {
      return new LlmEvent.Failed(
          call.callId(),
          LlmStatus.UNAVAILABLE,
          false,
          Optional.empty(),
          "too many calls have failed; none is sent for some seconds",
          clock.instant());
    }
    LlmEvent outcome = client.send(call, request);
    if (outcome instanceof LlmEvent.Failed failed && Retries.isOutage(failed.status())) {
      breaker.recordFailure();
    } else {
      breaker.recordSuccess();
    }
    return outcome;
  }

  /** Appends an event to the journal. */
  void record(LlmEvent event) {
    journal.locked(
        () -> {
          journal.append(event);
          return event;
        });
  }

  private static void sleep(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting to ask a model", e);
    }
  }
}
