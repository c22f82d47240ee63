package dev.dormouse.llm;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** An event of the journal of model calls; the ledger and all summaries are folds of these. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LlmEvent.Reserved.class, name = "reserved"),
  @JsonSubTypes.Type(value = LlmEvent.Answered.class, name = "answered"),
  @JsonSubTypes.Type(value = LlmEvent.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = LlmEvent.Batch.class, name = "batch")
})
public sealed interface LlmEvent {
  /** Returns when it happened. */
  Instant at();

  /**
   * A call is about to be sent, and its worst case is booked.
   *
   * @param callId id of the call; a question may need several calls
   * @param owner the process that calls
   * @param until the latest time at which the call ends
   * @param microUsd cost in the worst case
   * @param tokens tokens in the worst case
   * @param paceTokens expected tokens, for the limit of tokens a minute
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
   * The model answered, and this is billed.
   *
   * @param text as the model wrote it
   * @param cutOff whether the reply reached its maximum length
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
   * @param billed whether it may be billed nevertheless; then its worst case stays booked
   * @param pauseUntil when requests may be sent again, if the provider says so
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
