package dev.dormouse.hypothesize;

import dev.dormouse.hypothesize.IdeaContext.Belief;
import dev.dormouse.hypothesize.IdeaContext.Evidence;
import dev.dormouse.hypothesize.IdeaContext.Funds;
import dev.dormouse.hypothesize.IdeaContext.Knowledge;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.llm.LlmReply;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.llm.LlmStatus;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.table.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A small campaign, and replies of a model about it. */
final class IdeaFixture {
  static final double NOISE = 0.001;
  static final Arm BASELINE =
      Arm.of(Map.of("model", "dnn", "learning_rate", "0.001", "embedding_dim", "16"));

  private IdeaFixture() {}

  static IdeaContext context() {
    return context("x");
  }

  /** With a text in every place where text comes from outside. */
  static IdeaContext context(String text) {
    return new IdeaContext(
        "c",
        new Objective("auc", Objective.Direction.MAXIMIZE, 0.0005),
        BASELINE,
        SearchSpace.of(
            List.of(
                Parameter.ofRange("learning_rate", Parameter.Type.FLOAT, 1e-4, 0.1, true),
                Parameter.ofChoices(
                    "embedding_dim", Parameter.Type.INT, List.of("8", "16", "32", "64")),
                Parameter.ofChoices(
                    "model", Parameter.Type.CATEGORICAL, List.of("dnn", "dcn", "fm")))),
        new Evidence(
            List.of(new Belief("i-1", text, text, text, 0.001, 0, 0.002, 5, text)),
            List.of(new IdeaContext.PastOutcome("run-1", List.of(text), text)),
            List.of(new IdeaContext.PastOutcome("run-2", List.of(text), text)),
            List.of(new Knowledge("card-1", text, text))),
        List.of(text),
        new Funds(NOISE, 1_000, 2_000_000, 10));
  }

  static Map<String, Object> idea(String parameter, String to) {
    Map<String, Object> idea = new LinkedHashMap<>();
    idea.put("claim", "Rare ids are learnt better");
    idea.put("mechanism", "More room for each id");
    idea.put("changes", Map.of(parameter, to));
    idea.put("sources", List.of("belief1", "text1"));
    idea.put("gain_p10", -0.001);
    idea.put("gain_p50", 0.001);
    idea.put("gain_p90", 0.004);
    idea.put("p_success", 0.8);
    idea.put("p_crash", 0.01);
    idea.put("cost_gpu_hours", 0.001);
    idea.put("disconfirming", "No gain on rare ids");
    idea.put("nearest_run", "win1");
    idea.put("why_different", "That one changed the rate as well");
    return idea;
  }

  static Map<String, Object> with(Map<String, Object> idea, String field, Object value) {
    Map<String, Object> changed = new HashMap<>(idea);
    changed.put(field, value);
    return changed;
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  static String reply(Map<String, Object>... ideas) {
    return Json.write(Map.of("ideas", List.of(ideas)));
  }

  static IdeaReader.Reading read(Map<String, Object> idea) {
    return IdeaReader.read(context(), reply(idea), 6);
  }

  /** A model that answers by a function of the question; an empty text means no reply. */
  static LlmBatches model(Function<LlmRequest, String> answer) {
    return requests ->
        requests.stream()
            .map(
                request -> {
                  Optional<String> json =
                      Optional.of(answer.apply(request)).filter(text -> !text.isEmpty());
                  return new LlmReply(
                      request.requestHash(),
                      json.isPresent() ? LlmStatus.OK : LlmStatus.OVER_CAP,
                      json,
                      0,
                      0,
                      0,
                      "",
                      false);
                })
            .toList();
  }
}
