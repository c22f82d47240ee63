package dev.dormouse.llm;

import java.time.Duration;

/** The decision whether a question may be sent now. */
public sealed interface Admission {
  /** Its answer is known already. */
  record Cached(LlmEvent.Answered answer) implements Admission {}

  /** It may be sent once this reservation is in the journal. */
  record Allowed(LlmEvent.Reserved reservation) implements Admission {}

  /**
   * It may not be sent yet.
   *
   * @param delay when to ask again
   * @param allRequests true: no request may be sent, because of a rate; false: only not this one,
   *     because of calls in flight
   */
  record Wait(Duration delay, boolean allRequests) implements Admission {}

  /** It will not be sent, for this reason. */
  record Refused(LlmStatus status, String reason) implements Admission {}
}
