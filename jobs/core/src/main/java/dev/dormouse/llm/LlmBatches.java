package dev.dormouse.llm;

import java.util.List;

/** Asks a language model many questions at once. */
public interface LlmBatches {
  /**
   * Returns one reply for each question, in order. Failures of models and providers are statuses of
   * replies, never exceptions. Questions that were answered before are not asked again.
   */
  List<LlmReply> ask(List<LlmRequest> requests);
}
