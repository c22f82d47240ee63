package dev.dormouse.hypothesize;

import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Parameter;
import dev.dormouse.table.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON schemas of what a language model may answer. They are made of the campaign's file and of
 * labels of ours alone.
 */
final class IdeaSchema {
  static final int LONGEST_TEXT = 600;

  /** Says that no earlier run is near. */
  static final String NONE = "none";

  private static final int LONGEST_VALUE = 200;
  private static final int MOST_CHANGES = 8;
  static final int MOST_SOURCES = 8;

  private IdeaSchema() {}

  static String ideas(IdeaContext context, int count) {
    Citations citations = Citations.of(context);
    List<String> labels = citations.labels();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("claim", text(LONGEST_TEXT));
    fields.put("mechanism", text(LONGEST_TEXT));
    fields.put("changes", changes(context));
    fields.put(
        "sources", labels.isEmpty() ? list(text(0), 0, 0) : list(oneOf(labels), 0, MOST_SOURCES));
    for (String number : List.of("gain_p10", "gain_p50", "gain_p90")) {
      fields.put(number, Map.of("type", "number"));
    }
    for (String probability : List.of("p_success", "p_crash")) {
      fields.put(probability, Map.of("type", "number", "minimum", 0, "maximum", 1));
    }
    fields.put("cost_gpu_hours", Map.of("type", "number", "minimum", 0));
    fields.put("disconfirming", text(LONGEST_TEXT));
    fields.put("nearest_run", oneOf(with(citations.runs(), NONE)));
    fields.put("why_different", text(LONGEST_TEXT));
    return Json.write(object(Map.of("ideas", list(object(fields), 1, count))));
  }

  /** Parameters by name, each with a value that it may have. */
  private static Object changes(IdeaContext context) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (context.space().arms().isEmpty()) {
      context.space().parameters().forEach((name, parameter) -> values.put(name, value(parameter)));
    } else {
      context.changeable().forEach(name -> values.put(name, text(LONGEST_VALUE)));
    }
    Map<String, Object> changes = object(values);
    changes.remove("required");
    changes.put("minProperties", 1);
    changes.put("maxProperties", mostChanges(context));
    return changes;
  }

  /**
   * Numbers and truth values may come as such or as texts: models write both. Ranges are left to
   * the reader, which refuses one idea where the schema would refuse all.
   */
  private static Object value(Parameter parameter) {
    boolean whole = parameter.type() == Parameter.Type.INT;
    if (parameter.choices().isEmpty()) {
      return Map.of("type", List.of(whole ? "integer" : "number", "string"));
    }
    List<Object> choices = new ArrayList<>(parameter.choices());
    for (String choice : parameter.choices()) {
      if (parameter.type() == Parameter.Type.BOOL) {
        choices.add(Boolean.valueOf(choice));
      } else if (parameter.type() != Parameter.Type.CATEGORICAL) {
        ParamValue.number(choice).ifPresent(choices::add);
      }
    }
    return Map.of("enum", choices);
  }

  /** In a list of arms two may differ in everything. */
  static int mostChanges(IdeaContext context) {
    return context.space().arms().isEmpty() ? MOST_CHANGES : context.changeable().size();
  }

  static String critique(int ideas) {
    Map<String, Object> verdict =
        object(
            Map.of(
                "number",
                    Map.of("type", "integer", "minimum", 0, "maximum", Math.max(0, ideas - 1)),
                "feasible", Map.of("type", "boolean"),
                "reason", text(LONGEST_TEXT)));
    return Json.write(object(Map.of("verdicts", list(verdict, 0, ideas))));
  }

  static String duel() {
    return Json.write(object(Map.of("likelier", oneOf(List.of("first", "second")))));
  }

  private static Map<String, Object> object(Map<String, ?> fields) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "object");
    object.put("properties", fields);
    object.put("required", fields.keySet().stream().sorted().toList());
    object.put("additionalProperties", false);
    return object;
  }

  private static Map<String, Object> list(Object items, int least, int most) {
    return Map.of("type", "array", "items", items, "minItems", least, "maxItems", most);
  }

  private static Map<String, Object> text(int longest) {
    return Map.of("type", "string", "maxLength", longest);
  }

  private static List<String> with(List<String> values, String more) {
    List<String> all = new ArrayList<>(values);
    all.add(more);
    return all;
  }

  private static Map<String, Object> oneOf(List<String> values) {
    return Map.of("type", "string", "enum", values);
  }
}
