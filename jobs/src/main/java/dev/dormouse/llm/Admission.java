package dev.dormouse.llm;

import java.time.Duration;

/** Whether a question may be sent now. */
sealed interface Admission {
  /** It was answered before. */
  record Known(LlmEvent.Answered answer) implements Admission {}

  /** It may be sent, once this is in the journal. */
  record Go(LlmEvent.Reserved reservation) implements Admission {}

  /** Not yet: because of a rate, or of calls under way. Ask again then. */
  record Wait(Duration time) implements Admission {}

  /** Not at all, and why. */
  record Refused(LlmStatus status, String reason) implements Admission {}
}
