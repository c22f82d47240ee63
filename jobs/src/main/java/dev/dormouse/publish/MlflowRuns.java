package dev.dormouse.publish;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;

/**
 * The runs of one experiment on a tracking server, found by their key or made. Throws {@link
 * MlflowHttpException} for what the server refuses and {@link MlflowClientException} when it cannot
 * be reached.
 */
final class MlflowRuns implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
  private static final String PARENT_TAG = "mlflow.parentRunId";
  private static final String PROXIED_ARTIFACTS = "mlflow-artifacts";

  // The server's limits for one batch: 1,000 entries, 100 params and 100 tags among them.
  private static final int BATCH_PARAMS = 100;
  private static final int BATCH_TAGS = 100;
  private static final int BATCH_METRICS = 800;
  private static final int PARAM_LENGTH = 6_000;
  private static final int TAG_LENGTH = 8_000;

  private final URI server;
  private final MlflowClient client;
  private final HttpClient http;
  private final Map<String, RunInfo> runs = new HashMap<>();
  private String experimentId = "";

  MlflowRuns(URI trackingUri) {
    this.server = URI.create(trackingUri.toString().replaceAll("/+$", ""));
    this.client = new MlflowClient(server.toString());
    // HTTP/1.1: an offer to upgrade makes MLflow's server drop the bodies of requests.
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
  }

  /** Finds or makes the experiment, after a look whether the server is there at all. */
  void open(String experiment) {
    send(HttpRequest.newBuilder(URI.create(server + "/health")).GET());
    experimentId =
        client
            .getExperimentByName(experiment)
            .map(Experiment::getExperimentId)
            .orElseGet(() -> client.createExperiment(experiment));
  }

  /** Brings the item's run to what the item says. */
  void publish(OutboxItem item) {
    RunInfo run = findOrCreate(item);
    log(run.getRunId(), item);
    item.files().forEach((path, text) -> upload(run, path, text));
    if (item.status() != OutboxItem.Status.RUNNING) {
      client.setTerminated(
          run.getRunId(),
          RunStatus.valueOf(item.status().name()),
          item.endedAt().orElse(item.startedAt()).toEpochMilli());
    }
  }

  private RunInfo findOrCreate(OutboxItem item) {
    return find(item.runKey()).orElseGet(() -> create(item));
  }

  private Optional<RunInfo> find(String runKey) {
    if (!runs.containsKey(runKey)) {
      String filter = "tags.\"" + OutboxItem.KEY_TAG + "\" = '" + runKey + "'";
      client.searchRuns(List.of(experimentId), filter, ViewType.ACTIVE_ONLY, 1).getItems().stream()
          .findFirst()
          .map(Run::getInfo)
          .ifPresent(run -> runs.put(runKey, run));
    }
    return Optional.ofNullable(runs.get(runKey));
  }

  private RunInfo create(OutboxItem item) {
    CreateRun.Builder request =
        CreateRun.newBuilder()
            .setExperimentId(experimentId)
            .setRunName(item.name())
            .setStartTime(item.startedAt().toEpochMilli())
            .addTags(tag(OutboxItem.KEY_TAG, item.runKey()));
    item.parentKey().ifPresent(key -> request.addTags(tag(PARENT_TAG, parent(key).getRunId())));
    RunInfo run = client.createRun(request.build());
    runs.put(item.runKey(), run);
    return run;
  }

  private RunInfo parent(String key) {
    return find(key)
        .orElseThrow(
            () -> new MlflowHttpException(404, "its parent " + key + " is not published yet"));
  }

  private void log(String runId, OutboxItem item) {
    List<Param> params =
        item.params().entrySet().stream().map(e -> param(e.getKey(), e.getValue())).toList();
    List<RunTag> tags =
        item.tags().entrySet().stream().map(e -> tag(e.getKey(), e.getValue())).toList();
    List<Metric> metrics = item.metrics().stream().map(MlflowRuns::metric).toList();
    for (int batch = 0;
        batch == 0
            || batch * BATCH_PARAMS < params.size()
            || batch * BATCH_TAGS < tags.size()
            || batch * BATCH_METRICS < metrics.size();
        batch++) {
      client.logBatch(
          runId,
          part(metrics, batch, BATCH_METRICS),
          part(params, batch, BATCH_PARAMS),
          part(tags, batch, BATCH_TAGS));
    }
  }

  private static <T> List<T> part(List<T> all, int batch, int size) {
    return all.subList(
        Math.min(all.size(), batch * size), Math.min(all.size(), (batch + 1) * size));
  }

  /** Uploads over HTTP, since the client's own upload needs a Python on this machine. */
  private void upload(RunInfo run, String path, String text) {
    URI root = URI.create(run.getArtifactUri());
    if (!PROXIED_ARTIFACTS.equals(root.getScheme())) {
      return;
    }
    URI target =
        URI.create(server + "/api/2.0/mlflow-artifacts/artifacts" + root.getRawPath() + "/" + path);
    send(HttpRequest.newBuilder(target).PUT(HttpRequest.BodyPublishers.ofString(text)));
  }

  private void send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.timeout(ANSWER_TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 400) {
        throw new MlflowHttpException(response.statusCode(), response.body());
      }
    } catch (IOException e) {
      throw new MlflowClientException(
          "no connection to " + server + ": " + e.getClass().getSimpleName(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MlflowClientException("interrupted while waiting for " + server, e);
    }
  }

  private static Metric metric(OutboxItem.Point point) {
    return Metric.newBuilder()
        .setKey(name(point.metric()))
        .setValue(point.value())
        .setStep(point.step())
        .setTimestamp(point.at().toEpochMilli())
        .build();
  }

  private static Param param(String name, String value) {
    return Param.newBuilder().setKey(name(name)).setValue(cut(value, PARAM_LENGTH)).build();
  }

  private static RunTag tag(String name, String value) {
    return RunTag.newBuilder().setKey(name(name)).setValue(cut(value, TAG_LENGTH)).build();
  }

  /** MLflow's names take letters, digits and a few signs. */
  private static String name(String name) {
    return name.replaceAll("[^\\w.\\-:/ ]", "_");
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 4) + " ...";
  }

  @Override
  public void close() {
    client.close();
  }
}
