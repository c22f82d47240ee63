package dev.dormouse.llm;

import dev.dormouse.model.Digests;
import dev.dormouse.table.Json;
import java.util.List;

/**
 * One question to a language model.
 *
 * @param purpose what it is for, e.g. {@code propose} or {@code critique}; a label of the books
 * @param campaignId whose budget pays for it
 * @param system instructions to the model
 * @param prompt the question
 * @param schemaJson the JSON schema that the reply must satisfy; empty if any text will do
 * @param maxOutputTokens the longest reply to pay for
 */
public record LlmRequest(
    String purpose,
    String campaignId,
    String system,
    String prompt,
    String schemaJson,
    int maxOutputTokens) {
  public LlmRequest {
    if (maxOutputTokens < 1) {
      throw new IllegalArgumentException(
          "A question needs room for a reply: maxOutputTokens is " + maxOutputTokens);
    }
  }

  /**
   * What identifies the question: equal texts, schema and length have equal hashes, whoever asks
   * for whatever purpose. Ask again on purpose by changing the prompt.
   */
  public String requestHash() {
    return Digests.sha256(
        Json.write(List.of(system, prompt, schemaJson, Integer.toString(maxOutputTokens))));
  }
}
