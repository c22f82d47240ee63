/**
 * Asks language models in batches: no question is asked twice, no cap is exceeded, and every
 * question gets a reply with a status.
 *
 * <p>{@link dev.dormouse.llm.LlmLedger} decides and is pure; {@link dev.dormouse.llm.LlmJournal}
 * stores the events; {@link dev.dormouse.llm.ModelCalls} sends within caps and rates; {@link
 * dev.dormouse.llm.LlmEngine} checks and repairs replies; {@link dev.dormouse.llm.LlmJobs} asks in
 * Spark jobs.
 */
package dev.dormouse.llm;
