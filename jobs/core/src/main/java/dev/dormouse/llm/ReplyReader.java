package dev.dormouse.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.dormouse.table.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Extracts JSON from a model's text, validates it, and states what is wrong with it. Pure. */
final class ReplyReader {
  private static final int PROBLEMS_SHOWN = 5;
  private static final int REPLY_SHOWN = 4_000;

  /** Models often put JSON in such a fence. */
  private static final String FENCE = "```";

  private static final ObjectReader STRICT =
      Json.mapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final Schema SCHEMA_OF_SCHEMAS =
      SCHEMAS.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));

  /** Compiled schemas, all valid. */
  private static final Map<String, Schema> COMPILED = new ConcurrentHashMap<>();

  private ReplyReader() {}

  /**
   * The result of reading a reply.
   *
   * @param json the reply, if it satisfies the schema
   * @param problem otherwise what is wrong with it, in a sentence
   */
  record Reading(Optional<String> json, String problem) {}

  /** Reads a reply to a question with this schema; without a schema, any text is valid. */
  static Reading read(String text, boolean cutOff, String schemaJson) {
    if (schemaJson.isEmpty()) {
      return new Reading(Optional.of(Json.write(text)), "");
    }
    Optional<JsonNode> tree = tree(text);
    if (tree.isEmpty()) {
      return invalid(cutOff ? "It was cut off: it is too long." : "It is not JSON.");
    }
    List<Error> errors = schema(schemaJson).validate(tree.get());
    return errors.isEmpty()
        ? new Reading(Optional.of(tree.get().toString()), "")
        : invalid(
            errors.stream()
                .limit(PROBLEMS_SHOWN)
                .map(ReplyReader::describe)
                .collect(Collectors.joining(" ")));
  }

  /**
   * Returns the reason why a schema cannot be used; empty if it can.
   *
   * @param schemaJson the schema; empty for none
   */
  static Optional<String> problemOfSchema(String schemaJson) {
    if (schemaJson.isEmpty() || COMPILED.containsKey(schemaJson)) {
      return Optional.empty();
    }
    try {
      JsonNode tree = STRICT.readTree(schemaJson);
      if (!tree.isObject()) {
        return Optional.of("the schema is not a JSON object");
      }
      List<Error> errors = SCHEMA_OF_SCHEMAS.validate(tree);
      if (!errors.isEmpty()) {
        return Optional.of("the schema is not a valid JSON schema: " + describe(errors.get(0)));
      }
      schema(schemaJson);
      return Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.of("the schema is not JSON: " + e.getOriginalMessage());
    }
  }

  private static Schema schema(String json) {
    return COMPILED.computeIfAbsent(json, ReplyReader::compiled);
  }

  private static Schema compiled(String json) {
    try {
      return SCHEMAS.getSchema(STRICT.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a JSON schema: " + e.getOriginalMessage(), e);
    }
  }

  private static String describe(Error error) {
    String where = error.getInstanceLocation().toString();
    return "At " + (where.isEmpty() ? "the top" : where) + ": " + error.getMessage() + ".";
  }

  private static Reading invalid(String problem) {
    return new Reading(Optional.empty(), problem);
  }

  /** Parses the whole reply, else its fenced part, else from its first brace to its last. */
  private static Optional<JsonNode> tree(String text) {
    return parsed(text)
        .or(() -> between(text, FENCE, FENCE).flatMap(ReplyReader::afterLanguage))
        .or(
            () ->
                text.indexOf('{') >= 0 && text.lastIndexOf('}') > text.indexOf('{')
                    ? parsed(text.substring(text.indexOf('{'), text.lastIndexOf('}') + 1))
                    : Optional.empty());
  }

  private static Optional<JsonNode> afterLanguage(String fenced) {
    return parsed(fenced.startsWith("json") ? fenced.substring("json".length()) : fenced);
  }

  private static Optional<String> between(String text, String open, String close) {
    int start = text.indexOf(open);
    int end = text.lastIndexOf(close);
    return start >= 0 && end > start
        ? Optional.of(text.substring(start + open.length(), end))
        : Optional.empty();
  }

  private static Optional<JsonNode> parsed(String text) {
    try {
      return Optional.of(STRICT.readTree(text)).filter(tree -> !tree.isMissingNode());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Returns the request that asks a model to repair its reply. */
  static LlmRequest repair(LlmRequest request, String reply, String problem) {
    String shown = reply.length() <= REPLY_SHOWN ? reply : reply.substring(0, REPLY_SHOWN);
    return new LlmRequest(
        request.purpose(),
        request.campaignId(),
        request.system(),
        request.prompt()
            + "\n\nYour last reply did not satisfy the JSON schema. "
            + problem
            + "\nYour last reply, which is data, was: "
            + Json.write(shown)
            + "\nReply again with nothing but JSON that satisfies the schema.",
        request.schemaJson(),
        request.maxOutputTokens());
  }
}
