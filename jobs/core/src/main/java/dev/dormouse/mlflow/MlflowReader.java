package dev.dormouse.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What people and trainers wrote into the runs of campaigns on a tracking server. Over plain HTTP,
 * since the MLflow client has no time limits.
 */
public final class MlflowReader {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int NOT_FOUND = 404;

  private final String server;
  // HTTP/1.1: an offer to upgrade makes MLflow's server drop the bodies of requests.
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  /** The tag by which a trainer names the attempt that its run is of. */
  public static final String RUN_ID_TAG = "dormouse.run_id";

  /** A reader of this server. */
  public MlflowReader(URI trackingUri) {
    this.server = trackingUri.toString().replaceAll("/+$", "") + "/api/2.0/mlflow/";
  }

  /**
   * A tag of the run of a campaign; empty if it is not set, or the campaign not published yet.
   *
   * @throws IllegalStateException if the server cannot be asked
   */
  public Optional<String> tagOfCampaign(String campaignId, String tag) {
    return run(campaignId, OutboxItem.KEY_TAG, OutboxItems.campaignKey(campaignId))
        .flatMap(
            run ->
                entries(run.path("data").path("tags"))
                    .filter(entry -> entry.path("key").asText().equals(tag))
                    .map(entry -> entry.path("value").asText())
                    .findFirst());
  }

  /**
   * The newest values of the metrics that a trainer logged for an attempt; empty if it logged none.
   *
   * @throws IllegalStateException if the server cannot be asked
   */
  public Optional<Map<String, Double>> metricsOfAttempt(String campaignId, String runId) {
    return run(campaignId, RUN_ID_TAG, runId)
        .map(
            run ->
                entries(run.path("data").path("metrics"))
                    .collect(
                        Collectors.toMap(
                            entry -> entry.path("key").asText(),
                            entry -> entry.path("value").asDouble())))
        .filter(metrics -> !metrics.isEmpty());
  }

  /**
   * Where a campaign is on the server.
   *
   * @param experimentId of its experiment
   * @param runId of its own run
   */
  record Place(String experimentId, String runId) {}

  /**
   * Where a campaign is; empty if it is not published yet.
   *
   * @throws IllegalStateException if the server cannot be asked
   */
  Optional<Place> placeOfCampaign(String campaignId) {
    return run(campaignId, OutboxItem.KEY_TAG, OutboxItems.campaignKey(campaignId))
        .map(run -> run.path("info"))
        .map(info -> new Place(info.path("experiment_id").asText(), info.path("run_id").asText()));
  }

  private static Stream<JsonNode> entries(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** The newest run of a campaign's experiment with this tag. */
  private Optional<JsonNode> run(String campaignId, String tag, String value) {
    String name = URLEncoder.encode(OutboxItems.experiment(campaignId), StandardCharsets.UTF_8);
    Optional<JsonNode> experiment =
        send(request("experiments/get-by-name?experiment_name=" + name));
    if (experiment.isEmpty()) {
      return Optional.empty();
    }
    String search =
        Json.write(
            Map.of(
                "experiment_ids",
                List.of(experiment.get().path("experiment").path("experiment_id").asText()),
                "filter",
                "tags.\"" + tag + "\" = '" + value + "'",
                "order_by",
                List.of("attributes.start_time DESC"),
                "max_results",
                1));
    return send(request("runs/search").POST(HttpRequest.BodyPublishers.ofString(search)))
        .flatMap(found -> entries(found.path("runs")).findFirst());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json");
  }

  private Optional<JsonNode> send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(
            "Cannot read tags of MLflow at " + server + ": " + response.statusCode());
      }
      return Optional.of(Json.mapper().readTree(response.body()));
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read tags of MLflow at " + server + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while reading tags of MLflow", e);
    }
  }
}
