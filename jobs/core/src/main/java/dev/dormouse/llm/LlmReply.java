package dev.dormouse.llm;

import java.util.Optional;

/**
 * What became of one question; there is one for every question, whatever went wrong.
 *
 * @param requestHash of the question
 * @param json the reply, if it satisfies the question's schema (a JSON text if there was no schema)
 * @param inputTokens tokens billed for questions, repair included
 * @param outputTokens tokens billed for replies, repair included
 * @param costMicroUsd what they cost, in millionths of a dollar
 * @param detail what was wrong, in a sentence; empty if nothing was
 * @param cached whether it was known already, so that this time nothing was asked or billed
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
