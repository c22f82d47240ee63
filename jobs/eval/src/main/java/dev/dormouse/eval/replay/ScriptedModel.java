package dev.dormouse.eval.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.llm.LlmReply;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.llm.LlmStatus;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.table.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Scripted language model, for measurements that need to control what the model knows. */
final class ScriptedModel implements LlmBatches {
  private static final int IDEAS = 6;

  /** Returns how the model values arms, given the beliefs in a prompt. */
  @FunctionalInterface
  interface Preference {
    ToDoubleFunction<Arm> given(JsonNode beliefs);
  }

  private final Preference preference;
  private final Optional<String> always;

  private ScriptedModel(Preference preference, Optional<String> always) {
    this.preference = preference;
    this.always = always;
  }

  /** Returns a model that answers every prompt with the same text. */
  static ScriptedModel answering(String text) {
    return new ScriptedModel(beliefs -> arm -> 0, Optional.of(text));
  }

  /** Returns a model that proposes the arms with the highest value. */
  static ScriptedModel preferring(ToDoubleFunction<Arm> value) {
    return new ScriptedModel(beliefs -> value, Optional.empty());
  }

  /** Returns a model that adds up the beliefs in the prompt about an arm's settings. */
  static ScriptedModel reader() {
    return new ScriptedModel(
        beliefs -> {
          Map<String, Double> gains = new HashMap<>();
          for (JsonNode belief : beliefs) {
            String parameter = belief.path("parameter").asText();
            double gain = belief.path("gain").asDouble();
            gains.merge(key(parameter, belief.path("to").asText()), gain, Double::sum);
            gains.merge(key(parameter, belief.path("from").asText()), -gain, Double::sum);
          }
          return arm ->
              arm.asMap().entrySet().stream()
                  .mapToDouble(
                      setting -> gains.getOrDefault(key(setting.getKey(), setting.getValue()), 0.0))
                  .sum();
        },
        Optional.empty());
  }

  private static String key(String parameter, String value) {
    return parameter + "\n" + value;
  }

  @Override
  public List<LlmReply> ask(List<LlmRequest> requests) {
    return requests.stream()
        .map(
            request ->
                new LlmReply(
                    request.requestHash(),
                    LlmStatus.OK,
                    Optional.of(always.orElseGet(() -> answer(request))),
                    0,
                    0,
                    0,
                    "",
                    false))
        .toList();
  }

  private String answer(LlmRequest request) {
    return switch (request.purpose()) {
      case "propose" -> ideas(request.prompt());
      case "critique" -> "{\"verdicts\":[]}";
      default -> "{\"likelier\":\"first\"}";
    };
  }

  private String ideas(String prompt) {
    JsonNode surface = section(prompt, "surface");
    Arm baseline = arm(surface.path("baseline"));
    ToDoubleFunction<Arm> value = preference.given(section(prompt, "beliefs"));
    List<Arm> arms = new ArrayList<>();
    surface.path("only_these_arms").forEach(arm -> arms.add(arm(arm)));
    arms.remove(baseline);
    arms.sort(Comparator.comparingDouble(arm -> -value.applyAsDouble(arm)));
    return arms.stream()
        .limit(IDEAS)
        .map(arm -> idea(arm, baseline))
        .collect(Collectors.joining(",", "{\"ideas\":[", "]}"));
  }

  private static String idea(Arm arm, Arm baseline) {
    Map<String, String> changes =
        arm.changesFrom(baseline).stream().collect(Collectors.toMap(Change::parameter, Change::to));
    return """
    {"claim": "This arm is good", "mechanism": "It follows from what is known",
     "changes": %s, "sources": [],
     "gain_p10": 0, "gain_p50": 0.001, "gain_p90": 0.002, "p_success": 0.9, "p_crash": 0.01,
     "cost_gpu_hours": 0, "disconfirming": "No gain", "nearest_run": "none",
     "why_different": "None is known"}
    """
        .formatted(Json.write(changes));
  }

  private static JsonNode section(String prompt, String label) {
    Matcher section = Pattern.compile("<<[0-9a-f]+ " + label + ">>\n(.*)\n<<").matcher(prompt);
    return section.find()
        ? Json.read(section.group(1), JsonNode.class)
        : Json.mapper().missingNode();
  }

  private static Arm arm(JsonNode settings) {
    Map<String, String> values = new HashMap<>();
    settings.properties().forEach(field -> values.put(field.getKey(), field.getValue().asText()));
    return Arm.of(values);
  }
}
