package dev.dormouse.hypothesize;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.ConfigFunction;
import com.github.victools.jsonschema.generator.CustomPropertyDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import dev.dormouse.hypothesize.IdeaReply.Comparison;
import dev.dormouse.hypothesize.IdeaReply.Critique;
import dev.dormouse.hypothesize.IdeaReply.Limits;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Parameter;
import dev.dormouse.table.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The JSON schemas of a language model's replies: the records of {@link IdeaReply}, with the values
 * that the campaign's file and our own labels allow. Keys are in alphabetical order, since a
 * schema's text is part of the request's hash.
 */
final class IdeaSchema {
  static final int MAX_TEXT_LENGTH = 600;

  /** Says that no earlier run is near. */
  static final String NONE = "none";

  static final int MAX_SOURCES = 8;
  private static final int MAX_VALUE_LENGTH = 200;
  private static final int MAX_CHANGES = 8;

  private static final String COMPARISON =
      schema(
          Comparison.class,
          Map.of("likelier", oneOf(List.of(Comparison.FIRST, Comparison.SECOND))),
          Optional.empty());

  private IdeaSchema() {}

  /** Returns the schema of a reply with 1 to {@code count} ideas. */
  static String ideas(IdeaContext context, int count) {
    Citations citations = Citations.of(context);
    List<String> labels = citations.labels();
    List<String> runs = new ArrayList<>(citations.runs());
    runs.add(NONE);
    return schema(
        IdeaReply.class,
        Map.of(
            "ideas", items(1, count),
            "sources", items(0, labels.isEmpty() ? 0 : MAX_SOURCES),
            "sources[]", labels.isEmpty() ? node -> node.put("maxLength", 0) : oneOf(labels),
            "nearest_run", oneOf(runs)),
        Optional.of(changes(context)));
  }

  /** Returns the schema of a critique of so many ideas. */
  static String critique(int ideas) {
    return schema(
        Critique.class,
        Map.of(
            "verdicts",
            items(0, ideas),
            "number",
            node -> node.put("maximum", Math.max(0, ideas - 1))),
        Optional.empty());
  }

  /** Returns the schema of a comparison of two ideas. */
  static String comparison() {
    return COMPARISON;
  }

  /** Returns the largest number of changes of an idea; in a list of arms two may differ in all. */
  static int maxChanges(IdeaContext context) {
    return context.space().arms().isEmpty() ? MAX_CHANGES : context.changeable().size();
  }

  /**
   * Returns the schema of a record.
   *
   * @param limits what a campaign allows in a field, by its JSON name; {@code name[]}: in the items
   *     of a list
   * @param changes the schema of the field {@code changes}, if the record has one
   */
  private static String schema(
      Class<? extends Record> type,
      Map<String, Consumer<ObjectNode>> limits,
      Optional<ObjectSchema> changes) {
    SchemaGeneratorConfigBuilder config =
        new SchemaGeneratorConfigBuilder(
                Json.mapper(), SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT, Option.INLINE_ALL_SCHEMAS)
            .without(Option.SCHEMA_VERSION_INDICATOR);
    config
        .forFields()
        .withPropertyNameOverrideResolver(field -> IdeaReply.jsonName(field.getDeclaredName()))
        .withRequiredCheck(field -> true)
        .withStringMaxLengthResolver(
            field -> field.getType().isInstanceOf(String.class) ? MAX_TEXT_LENGTH : null)
        .withNumberInclusiveMinimumResolver(limit(bounds -> 0L))
        .withNumberInclusiveMaximumResolver(limit(Limits::max))
        .withInstanceAttributeOverride(
            (node, field, context) ->
                limits.getOrDefault(jsonName(field), ignored -> {}).accept(node))
        .withCustomDefinitionProvider(
            (field, context) ->
                changes
                    .filter(ignored -> field.getDeclaredName().equals("changes"))
                    .map(schema -> Json.mapper().<ObjectNode>valueToTree(schema))
                    .map(CustomPropertyDefinition::new)
                    .orElse(null));
    return Json.write(
        Json.mapper()
            .convertValue(new SchemaGenerator(config.build()).generateSchema(type), Map.class));
  }

  private static String jsonName(FieldScope field) {
    String name = IdeaReply.jsonName(field.getDeclaredName());
    return field.isFakeContainerItemScope() ? name + "[]" : name;
  }

  private static ConfigFunction<FieldScope, BigDecimal> limit(Function<Limits, Long> bound) {
    return field ->
        Optional.ofNullable(field.getAnnotation(Limits.class))
            .map(bound)
            .filter(number -> number != Long.MAX_VALUE)
            .map(BigDecimal::valueOf)
            .orElse(null);
  }

  private static Consumer<ObjectNode> items(int least, int most) {
    return node -> node.put("minItems", least).put("maxItems", most);
  }

  private static Consumer<ObjectNode> oneOf(List<String> values) {
    return node -> {
      node.remove("maxLength");
      values.forEach(node.putArray("enum")::add);
    };
  }

  /** The schema of an object whose properties are known only at run time. */
  private record ObjectSchema(
      String type,
      Map<String, ValueSchema> properties,
      boolean additionalProperties,
      int minProperties,
      int maxProperties) {}

  /** The schema of one value. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  private record ValueSchema(
      @JsonFormat(with = JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED) List<String> type,
      @JsonProperty("enum") List<Object> allowed,
      Optional<Integer> maxLength) {}

  /** Parameters by name, each with the values that it may have. */
  private static ObjectSchema changes(IdeaContext context) {
    Map<String, ValueSchema> values = new LinkedHashMap<>();
    if (context.space().arms().isEmpty()) {
      context.space().parameters().forEach((name, parameter) -> values.put(name, value(parameter)));
    } else {
      ValueSchema text =
          new ValueSchema(List.of("string"), List.of(), Optional.of(MAX_VALUE_LENGTH));
      context.changeable().forEach(name -> values.put(name, text));
    }
    return new ObjectSchema("object", values, false, 1, maxChanges(context));
  }

  /**
   * Numbers and truth values may come as such or as texts: models write both. Ranges are left to
   * the reader, which refuses one idea where the schema would refuse all.
   */
  private static ValueSchema value(Parameter parameter) {
    if (parameter.choices().isEmpty()) {
      String number = parameter.type() == Parameter.Type.INT ? "integer" : "number";
      return new ValueSchema(List.of(number, "string"), List.of(), Optional.empty());
    }
    List<Object> choices = new ArrayList<>(parameter.choices());
    for (String choice : parameter.choices()) {
      if (parameter.type() == Parameter.Type.BOOL) {
        choices.add(Boolean.valueOf(choice));
      } else if (parameter.type() != Parameter.Type.CATEGORICAL) {
        ParamValue.number(choice).ifPresent(choices::add);
      }
    }
    return new ValueSchema(List.of(), choices, Optional.empty());
  }
}
