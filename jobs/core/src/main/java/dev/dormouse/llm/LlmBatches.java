package dev.dormouse.llm;

import java.util.List;

/** Asks a language model many questions at once. {@link LlmJobs} is the real one. */
public interface LlmBatches {
  /**
   * One reply a question, in the order of the questions. Never throws for what a model or a
   * provider does. Questions that were answered before, by anyone, are not asked again.
   */
  List<LlmReply> ask(List<LlmRequest> requests);
}
