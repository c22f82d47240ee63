package dev.dormouse.llm;

import java.time.Duration;

/** Whether a question may be sent now. */
public sealed interface Admission {
  /** It was answered before. */
  record Known(LlmEvent.Answered answer) implements Admission {}

  /** It may be sent, once this is in the journal. */
  record Go(LlmEvent.Reserved reservation) implements Admission {}

  /**
   * Not yet; ask again then.
   *
   * @param everybody whether nothing at all may be sent, because of a rate, or only not this,
   *     because of calls under way
   */
  record Wait(Duration time, boolean everybody) implements Admission {}

  /** Not at all, and why. */
  record Refused(LlmStatus status, String reason) implements Admission {}
}
