package dev.dormouse.llm;

import dev.dormouse.model.Digests;
import dev.dormouse.table.Json;
import java.util.List;

/**
 * One question to a language model.
 *
 * @param purpose a label, e.g. {@code propose} or {@code critique}
 * @param campaignId the campaign whose budget pays
 * @param system instructions to the model
 * @param prompt the question
 * @param schemaJson the JSON schema that the reply must satisfy; empty if any text will do
 * @param maxOutputTokens maximum length of the reply
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
   * Returns the question's identity: equal texts, schema and length have equal hashes, for any
   * purpose and campaign. To ask again, change the prompt.
   */
  public String requestHash() {
    return Digests.sha256(
        Json.write(List.of(system, prompt, schemaJson, Integer.toString(maxOutputTokens))));
  }
}
