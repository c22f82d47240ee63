/**
 * Questions to language models in batches: none is asked twice, none costs more than a cap allows,
 * and whatever happens, every question gets a reply with a status.
 *
 * <p>{@link dev.dormouse.llm.LlmLedger} decides and is pure; {@link dev.dormouse.llm.LlmJournal}
 * remembers; {@link dev.dormouse.llm.LlmEngine} asks; {@link dev.dormouse.llm.LlmJobs} does it for
 * whole data sets.
 */
package dev.dormouse.llm;
