package dev.dormouse.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ParamValue;
import dev.dormouse.table.Json;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/** Converts an arm's parameters for trainers: to numbers, booleans and lists instead of texts. */
final class TypedParams {
  private TypedParams() {}

  static Map<String, Object> of(Arm arm) {
    Map<String, Object> typed = new TreeMap<>();
    arm.asMap().forEach((name, value) -> typed.put(name, typed(value)));
    return typed;
  }

  private static Object typed(String value) {
    if (ParamValue.number(value).isPresent()) {
      BigDecimal number = new BigDecimal(value);
      return number.stripTrailingZeros().scale() <= 0
          ? number.toBigIntegerExact()
          : (Object) number;
    }
    if (value.equals("true") || value.equals("false")) {
      return Boolean.valueOf(value);
    }
    return value.startsWith("[") ? list(value) : value;
  }

  private static JsonNode list(String value) {
    try {
      return Json.mapper().readTree(value);
    } catch (JsonProcessingException e) {
      return new TextNode(value);
    }
  }
}
