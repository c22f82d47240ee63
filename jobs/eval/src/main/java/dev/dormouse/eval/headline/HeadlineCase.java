package dev.dormouse.eval.headline;

import dev.dormouse.eval.replay.TrialSplit;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Parameter;
import dev.dormouse.table.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A model to improve, from a team's default. What the model ignores is no part of its search space.
 *
 * @param model the model, which stays the same
 * @param example the campaign that has the default, the search space and the training's command
 */
record HeadlineCase(String model, CampaignSpec example) {
  private static final String TIMEOUT = "10m";
  private static final int GPU_HOURS = 1000;

  /** In the order in which people try them. */
  private static final List<String> OF_ALL = List.of("learning_rate", "optimizer", "batch_size");

  private static final List<String> OF_EMBEDDINGS =
      List.of("embedding_dim", "embedding_regularizer");
  private static final List<String> OF_LAYERS =
      List.of("hidden_units", "net_dropout", "batch_norm");
  private static final Set<String> WITH_LAYERS = Set.of("dnn", "deepfm", "dcn", "dcnv2");
  private static final Set<String> WITH_CROSSES = Set.of("dcn", "dcnv2");

  String name() {
    return example.study().dataset() + "-" + model;
  }

  Arm baseline() {
    return example.baseline().with(Arm.MODEL, model);
  }

  private List<Parameter> space() {
    List<String> names = new ArrayList<>(OF_ALL);
    if (!model.equals("lr")) {
      names.addAll(OF_EMBEDDINGS);
    }
    if (WITH_LAYERS.contains(model)) {
      names.addAll(OF_LAYERS);
    }
    if (WITH_CROSSES.contains(model)) {
      names.add("num_cross_layers");
    }
    Map<String, Parameter> known = example.searchSpace().parameters();
    return names.stream().filter(known::containsKey).map(known::get).toList();
  }

  /** The case as {@code headline.py} reads it. */
  String json() {
    return Json.write(
        new TreeMap<>(
            Map.of(
                "name",
                name(),
                "metric",
                example.objective().metric(),
                "command",
                example.training().command(),
                "directory",
                example.guardrails().repository(),
                "baseline",
                baseline().asMap(),
                "space",
                space().stream().map(HeadlineCase::domain).toList())));
  }

  private static Map<String, Object> domain(Parameter parameter) {
    return new TreeMap<>(
        Map.of("name", parameter.name(), "type", type(parameter), "choices", parameter.choices()));
  }

  private static String type(Parameter parameter) {
    return parameter.type().name().toLowerCase(Locale.ROOT);
  }

  /**
   * The campaign file; JSON is YAML as well.
   *
   * @param history whether the campaign may use past runs of other studies
   * @param budget all trainings, the baseline's included
   */
  String campaignFile(String campaign, boolean history, int budget) {
    SortedMap<String, Object> space = new TreeMap<>();
    for (Parameter parameter : space()) {
      space.put(
          parameter.name(),
          parameter.type() == Parameter.Type.BOOL
              ? Map.of("type", type(parameter))
              : Map.of("type", type(parameter), "choices", parameter.choices()));
    }
    SortedMap<String, Integer> trials = new TreeMap<>();
    TrialSplit.of(budget).forEach((phase, count) -> trials.put(phase.id(), count));
    SortedMap<String, Object> file = new TreeMap<>();
    file.put("campaign", campaign);
    file.put("study", Map.of("dataset", name(), "features", example.study().features()));
    file.put(
        "objective",
        Map.of(
            "metric",
            example.objective().metric(),
            "direction",
            example.objective().direction().id(),
            "min_gain",
            example.objective().minGain()));
    file.put("baseline", baseline().asMap());
    file.put("search_space", space);
    file.put(
        "training",
        Map.of(
            "backend",
            "local",
            "command",
            example.training().command(),
            "timeout",
            TIMEOUT,
            "gpus",
            0));
    file.put("budget", Map.of("gpu_hours", GPU_HOURS, "llm_usd", 0, "max_parallel", 1));
    file.put(
        "guardrails",
        Map.of("repository", example.guardrails().repository(), "preflight", List.of()));
    file.put("sources", Map.of("history", history, "research", true, "llm", false));
    file.put("trials", trials);
    return Json.write(file);
  }
}
