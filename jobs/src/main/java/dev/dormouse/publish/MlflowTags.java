package dev.dormouse.publish;

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

/**
 * What people wrote into the tags of campaigns' runs on a tracking server. Over plain HTTP, since
 * the MLflow client has no time limits.
 */
public final class MlflowTags {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int NOT_FOUND = 404;

  private final String server;
  // HTTP/1.1: an offer to upgrade makes MLflow's server drop the bodies of requests.
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  /** The tags on this server. */
  public MlflowTags(URI trackingUri) {
    this.server = trackingUri.toString().replaceAll("/+$", "") + "/api/2.0/mlflow/";
  }

  /**
   * A tag of the run of a campaign; empty if it is not set, or the campaign not published yet.
   *
   * @throws IllegalStateException if the server cannot be asked
   */
  public Optional<String> ofCampaign(String campaignId, String tag) {
    String name = URLEncoder.encode(OutboxItems.experiment(campaignId), StandardCharsets.UTF_8);
    Optional<String> experiment =
        send(request("experiments/get-by-name?experiment_name=" + name).GET())
            .map(found -> found.path("experiment").path("experiment_id").asText());
    if (experiment.isEmpty()) {
      return Optional.empty();
    }
    String search =
        Json.write(
            Map.of(
                "experiment_ids",
                List.of(experiment.get()),
                "filter",
                "tags.\""
                    + OutboxItem.KEY_TAG
                    + "\" = '"
                    + OutboxItems.campaignKey(campaignId)
                    + "'",
                "max_results",
                1));
    return send(request("runs/search").POST(HttpRequest.BodyPublishers.ofString(search)))
        .flatMap(found -> value(found.path("runs").path(0).path("data").path("tags"), tag));
  }

  private static Optional<String> value(JsonNode tags, String tag) {
    for (JsonNode candidate : tags) {
      if (candidate.path("key").asText().equals(tag)) {
        return Optional.of(candidate.path("value").asText());
      }
    }
    return Optional.empty();
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
