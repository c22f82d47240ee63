package dev.dormouse.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.table.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;

/**
 * The runs of one experiment on a tracking server, found by their key or made; from any number of
 * threads once {@link #open} has returned.
 */
final class MlflowRuns {
  private static final String PARENT_TAG = "mlflow.parentRunId";
  private static final String PROXIED_ARTIFACTS = "mlflow-artifacts";
  private static final int PAGE = 1_000;

  private final MlflowHttp http;
  private final ArtifactSource artifacts;
  private final Map<String, Known> runs = new ConcurrentHashMap<>();
  private String experimentId = "";

  /** Runs that are not known are not there. */
  private volatile boolean allKnown;

  /** A run on the server. */
  private record Known(String id, URI artifacts) {
    static Known of(JsonNode run) {
      JsonNode info = run.path("info");
      return new Known(
          info.path("run_id").asText(), URI.create(info.path("artifact_uri").asText()));
    }
  }

  MlflowRuns(URI trackingUri, ArtifactSource artifacts) {
    this.http = new MlflowHttp(trackingUri);
    this.artifacts = artifacts;
  }

  /** Finds or makes the experiment. */
  void open(String experiment) {
    Optional<JsonNode> found =
        http.find("experiments/get-by-name?experiment_name=" + encoded(experiment));
    if (found.isPresent()) {
      experimentId = found.get().path("experiment").path("experiment_id").asText();
    } else {
      JsonNode made = http.postOnce("experiments/create", object().put("name", experiment));
      experimentId = made.path("experiment_id").asText();
      allKnown = true;
    }
  }

  /** Asks for all runs that began since, at once instead of one by one. */
  void lookUpSince(Instant start) {
    if (allKnown) {
      return;
    }
    ObjectNode question = search("attributes.start_time >= " + start.toEpochMilli(), PAGE);
    String token;
    do {
      JsonNode page = http.post("runs/search", question);
      page.path("runs")
          .forEach(run -> key(run).ifPresent(key -> runs.putIfAbsent(key, Known.of(run))));
      token = page.path("next_page_token").asText("");
      question.put("page_token", token);
    } while (!token.isEmpty());
    allKnown = true;
  }

  private static Optional<String> key(JsonNode run) {
    for (JsonNode tag : run.path("data").path("tags")) {
      if (tag.path("key").asText().equals(OutboxItem.KEY_TAG)) {
        return Optional.of(tag.path("value").asText());
      }
    }
    return Optional.empty();
  }

  /** Brings what the item is about to what the item says. */
  void publish(CampaignState state, OutboxItem item) {
    if (item instanceof ExperimentItem experiment) {
      experiment.tags().forEach(this::tagExperiment);
    } else if (item instanceof ModelItem model) {
      publish(model);
    } else if (item instanceof RunItem run) {
      publish(state, run);
    }
  }

  private void tagExperiment(String name, String value) {
    ObjectNode tag = MlflowBatches.tag(name, value).put("experiment_id", experimentId);
    http.post(
        "experiments/set-experiment-tag",
        tag.put(
            "value", tag.path("value").asText().replace(ExperimentItem.EXPERIMENT, experimentId)));
  }

  private void publish(CampaignState state, RunItem item) {
    Optional<Known> found = find(item.runKey());
    Known run = found.orElseGet(() -> create(item));
    for (ObjectNode batch : MlflowBatches.of(run.id(), item, found.isPresent())) {
      http.post("runs/log-batch", batch);
    }
    item.dataSet().ifPresent(dataSet -> http.post("runs/log-inputs", inputs(run, dataSet)));
    for (Artifact file : item.files()) {
      upload(state, run, file);
    }
    if (item.status() != RunItem.Status.RUNNING) {
      http.post(
          "runs/update",
          object()
              .put("run_id", run.id())
              .put("status", item.status().name())
              .put("end_time", item.endedAt().orElse(item.startedAt()).toEpochMilli()));
    }
  }

  private Optional<Known> find(String runKey) {
    Known known = runs.get(runKey);
    if (known != null || allKnown) {
      return Optional.ofNullable(known);
    }
    return search(runKey);
  }

  private Optional<Known> search(String runKey) {
    String filter = "tags.\"" + OutboxItem.KEY_TAG + "\" = '" + runKey + "'";
    JsonNode found = http.post("runs/search", search(filter, 1)).path("runs");
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Known run = Known.of(found.get(0));
    runs.put(runKey, run);
    return Optional.of(run);
  }

  private ObjectNode search(String filter, int most) {
    ObjectNode question = object().put("filter", filter).put("max_results", most);
    question.putArray("experiment_ids").add(experimentId);
    return question;
  }

  private Known create(RunItem item) {
    ObjectNode request =
        object()
            .put("experiment_id", experimentId)
            .put("run_name", item.name())
            .put("start_time", item.startedAt().toEpochMilli());
    ArrayNode tags = request.putArray("tags");
    tags.add(MlflowBatches.tag(OutboxItem.KEY_TAG, item.runKey()));
    item.parentKey().ifPresent(key -> tags.add(MlflowBatches.tag(PARENT_TAG, parent(key).id())));
    item.tags().forEach((name, value) -> tags.add(MlflowBatches.tag(name, value)));
    Known run = Known.of(createdOnce(item.runKey(), request));
    runs.put(item.runKey(), run);
    return run;
  }

  /**
   * If the connection is lost it is not known whether the run was made: look before trying again.
   */
  private JsonNode createdOnce(String runKey, ObjectNode request) {
    try {
      return http.postOnce("runs/create", request).path("run");
    } catch (MlflowHttpException e) {
      throw e;
    } catch (MlflowClientException e) {
      if (search(runKey).isEmpty()) {
        return http.postOnce("runs/create", request).path("run");
      }
      throw e;
    }
  }

  private Known parent(String key) {
    return find(key)
        .orElseThrow(
            () -> new MlflowHttpException(404, "its parent " + key + " is not published yet"));
  }

  private static ObjectNode inputs(Known run, DataSetInput dataSet) {
    ObjectNode request = object().put("run_id", run.id());
    ObjectNode input = request.putArray("datasets").addObject();
    input.putArray("tags").addObject().put("key", "mlflow.data.context").put("value", "training");
    input
        .putObject("dataset")
        .put("name", dataSet.name())
        .put("digest", dataSet.digest())
        .put("source_type", "dormouse")
        .put("source", dataSet.source());
    return request;
  }

  /** Uploads over HTTP, since the Java client's own upload needs a Python on this machine. */
  private void upload(CampaignState state, Known run, Artifact file) {
    if (!PROXIED_ARTIFACTS.equals(run.artifacts().getScheme())) {
      return;
    }
    Optional<String> text =
        file.from() == Artifact.From.TEXT
            ? Optional.of(file.detail())
            : artifacts.text(state, file);
    text.ifPresent(t -> http.upload(run.artifacts().getRawPath() + "/" + file.path(), t));
  }

  private void publish(ModelItem item) {
    Known run = parent(item.runKey());
    String modelId = findModel(item.key()).orElseGet(() -> create(item, run));
    ObjectNode metrics = object().put("run_id", run.id());
    ArrayNode points = metrics.putArray("metrics");
    item.metrics()
        .forEach(point -> points.add(MlflowBatches.metric(point).put("model_id", modelId)));
    http.post("runs/log-batch", metrics);
    http.patch(
        "logged-models/" + modelId,
        object().put("model_id", modelId).put("status", "LOGGED_MODEL_READY"));
    JsonNode outputs =
        http.find("runs/get?run_id=" + run.id())
            .map(answer -> answer.path("run").path("outputs").path("model_outputs"))
            .orElseGet(Json.mapper()::createArrayNode);
    if (outputs.findValuesAsText("model_id").stream().noneMatch(modelId::equals)) {
      ObjectNode output = object().put("run_id", run.id());
      output.putArray("models").addObject().put("model_id", modelId).put("step", 0);
      http.postOnce("runs/outputs", output);
    }
  }

  private Optional<String> findModel(String key) {
    ObjectNode question =
        object()
            .put("filter", "tags.`" + OutboxItem.KEY_TAG + "` = '" + key + "'")
            .put("max_results", 1);
    question.putArray("experiment_ids").add(experimentId);
    JsonNode models = http.post("logged-models/search", question).path("models");
    return models.isEmpty()
        ? Optional.empty()
        : Optional.of(models.get(0).path("info").path("model_id").asText());
  }

  private String create(ModelItem item, Known run) {
    ObjectNode request =
        object()
            .put("experiment_id", experimentId)
            .put("name", item.name())
            .put("model_type", "dormouse arm")
            .put("source_run_id", run.id());
    ArrayNode tags = request.putArray("tags");
    tags.add(MlflowBatches.tag(OutboxItem.KEY_TAG, item.key()));
    item.tags().forEach((name, value) -> tags.add(MlflowBatches.tag(name, value)));
    ArrayNode params = request.putArray("params");
    item.params().forEach((name, value) -> params.add(MlflowBatches.param(name, value)));
    return http.postOnce("logged-models", request)
        .path("model")
        .path("info")
        .path("model_id")
        .asText();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }
}
