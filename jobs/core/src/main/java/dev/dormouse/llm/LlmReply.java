package dev.dormouse.llm;

import java.util.Optional;

/**
 * The outcome of one question; every question has one, whatever went wrong.
 *
 * @param requestHash hash of the question
 * @param json the reply, if it satisfies the question's schema; without a schema, any text as JSON
 * @param inputTokens tokens billed for questions, repair included
 * @param outputTokens tokens billed for replies, repair included
 * @param costMicroUsd cost of these tokens, in millionths of a dollar
 * @param detail what went wrong, in a sentence; empty if nothing did
 * @param cached whether the reply was known, so that nothing was sent or billed now
 */
public record LlmReply(
    String requestHash,
    LlmStatus status,
    Optional<String> json,
    long inputTokens,
    long outputTokens,
    long costMicroUsd,
    String detail,
    boolean cached) {}
