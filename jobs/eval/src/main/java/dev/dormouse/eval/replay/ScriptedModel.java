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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Stands in for a language model where it must be known what the model knows. */
final class ScriptedModel implements LlmBatches {
  private static final int IDEAS = 6;

  /** How the model values an arm, given the data of a question. */
  @FunctionalInterface
  interface Taste {
    ToDoubleFunction<Arm> of(JsonNode beliefs);
  }

  private final Taste taste;
  private final Optional<String> always;

  private ScriptedModel(Taste taste, Optional<String> always) {
    this.taste = taste;
    this.always = always;
  }

  /** Answers every question with the same text. */
  static ScriptedModel saying(String text) {
    return new ScriptedModel(beliefs -> arm -> 0, Optional.of(text));
  }

  /** Proposes the arms that it likes best. */
  static ScriptedModel liking(ToDoubleFunction<Arm> value) {
    return new ScriptedModel(beliefs -> value, Optional.empty());
  }

  /** Knows nothing but what the question tells it: adds up the beliefs about an arm's settings. */
  static ScriptedModel reader() {
    return new ScriptedModel(
        beliefs -> {
          Map<String, Double> gains = new HashMap<>();
          for (JsonNode belief : beliefs) {
            gains.put(
                belief.path("parameter").asText() + "\n" + belief.path("to").asText(),
                belief.path("gain").asDouble());
          }
          return arm ->
              arm.asMap().entrySet().stream()
                  .mapToDouble(
                      setting ->
                          gains.getOrDefault(setting.getKey() + "\n" + setting.getValue(), 0.0))
                  .sum();
        },
        Optional.empty());
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
    ToDoubleFunction<Arm> value = taste.of(section(prompt, "beliefs"));
    List<Arm> arms = new ArrayList<>();
    surface.path("only_these_arms").forEach(arm -> arms.add(arm(arm)));
    arms.remove(baseline);
    arms.sort(Comparator.comparingDouble(arm -> -value.applyAsDouble(arm)));
    List<Map<String, Object>> ideas =
        IntStream.range(0, Math.min(IDEAS, arms.size()))
            .mapToObj(i -> idea(arms.get(i), baseline))
            .toList();
    return Json.write(Map.of("ideas", ideas));
  }

  private static Map<String, Object> idea(Arm arm, Arm baseline) {
    Map<String, Object> idea = new LinkedHashMap<>();
    idea.put("claim", "This arm is good");
    idea.put("mechanism", "It follows from what is known");
    idea.put(
        "changes",
        arm.changesFrom(baseline).stream()
            .collect(Collectors.toMap(Change::parameter, Change::to)));
    idea.put("sources", List.of());
    idea.put("gain_p10", 0);
    idea.put("gain_p50", 0.001);
    idea.put("gain_p90", 0.002);
    idea.put("p_success", 0.9);
    idea.put("p_crash", 0.01);
    idea.put("cost_gpu_hours", 0);
    idea.put("disconfirming", "No gain");
    idea.put("nearest_run", "none");
    idea.put("why_different", "None is known");
    return idea;
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
