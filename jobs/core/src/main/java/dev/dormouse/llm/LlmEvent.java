package dev.dormouse.llm;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What can happen to a question: the lines of the journal, from which all books are made. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LlmEvent.Reserved.class, name = "reserved"),
  @JsonSubTypes.Type(value = LlmEvent.Answered.class, name = "answered"),
  @JsonSubTypes.Type(value = LlmEvent.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = LlmEvent.Batch.class, name = "batch")
})
public sealed interface LlmEvent {
  /** When it happened. */
  Instant at();

  /**
   * A call is about to be sent, and its worst case is booked.
   *
   * @param callId names the call: a question may need several
   * @param owner the process that calls
   * @param until when the call has ended at the latest, whatever became of it
   * @param microUsd the worst case
   * @param tokens the worst case
   * @param paceTokens what is expected, for the tokens a minute
   */
  record Reserved(
      String callId,
      String requestHash,
      String model,
      String campaignId,
      String purpose,
      String owner,
      Instant at,
      Instant until,
      long microUsd,
      long tokens,
      long paceTokens)
      implements LlmEvent {}

  /**
   * The model answered: this is what is billed.
   *
   * @param text as the model wrote it
   * @param cutOff whether it ended because the reply had no more room
   */
  record Answered(
      String callId,
      String text,
      boolean cutOff,
      long inputTokens,
      long outputTokens,
      long microUsd,
      Duration latency,
      Instant at)
      implements LlmEvent {}

  /**
   * The call brought no answer.
   *
   * @param status how it failed
   * @param billed whether it may be billed all the same; then its worst case stays booked
   * @param pauseUntil until when nothing is to be sent at all, if the provider says so
   */
  record Failed(
      String callId,
      LlmStatus status,
      boolean billed,
      Optional<Instant> pauseUntil,
      String detail,
      Instant at)
      implements LlmEvent {}

  /**
   * A batch has ended.
   *
   * @param replies how many replies had each status
   * @param cached how many of them were known before
   */
  record Batch(
      String campaignId,
      String purpose,
      String model,
      Map<LlmStatus, Long> replies,
      long cached,
      Instant at)
      implements LlmEvent {
    public Batch {
      replies = Map.copyOf(replies);
    }
  }
}
