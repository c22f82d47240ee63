package dev.dormouse.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;

/**
 * Requests to a tracking server, from any number of threads. The Java client of MLflow has no time
 * limits, two connections, and neither data sets nor models. Throws {@link MlflowHttpException} for
 * what the server refuses and {@link MlflowClientException} when it cannot be reached.
 */
final class MlflowHttp {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);
  private static final int NOT_FOUND = 404;

  private final URI server;
  // HTTP/1.1: an offer to upgrade makes MLflow's server drop the bodies of requests.
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  MlflowHttp(URI trackingUri) {
    this.server = URI.create(trackingUri.toString().replaceAll("/+$", ""));
  }

  /** Asks; empty if there is no such thing. */
  Optional<JsonNode> find(String path) {
    try {
      return Optional.of(json(again(api(path).GET())));
    } catch (MlflowHttpException e) {
      if (e.getStatusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Posts what may be posted twice. */
  JsonNode post(String path, JsonNode content) {
    return json(again(api(path).POST(BodyPublishers.ofString(content.toString()))));
  }

  /** Posts once: whoever sees it fail has to look whether it was done. */
  JsonNode postOnce(String path, JsonNode content) {
    return json(send(api(path).POST(BodyPublishers.ofString(content.toString()))));
  }

  void patch(String path, JsonNode content) {
    again(api(path).method("PATCH", BodyPublishers.ofString(content.toString())));
  }

  /** Puts a file among the artifacts that the server keeps. */
  void upload(String path, String text) {
    URI target = URI.create(server + "/api/2.0/mlflow-artifacts/artifacts" + path);
    again(HttpRequest.newBuilder(target).PUT(BodyPublishers.ofString(text)));
  }

  private HttpRequest.Builder api(String path) {
    return HttpRequest.newBuilder(URI.create(server + "/api/2.0/mlflow/" + path))
        .header("Content-Type", "application/json");
  }

  /** The server closes connections that were idle for a while, maybe just as one is used again. */
  private HttpResponse<String> again(HttpRequest.Builder request) {
    try {
      return send(request);
    } catch (MlflowHttpException e) {
      throw e;
    } catch (MlflowClientException e) {
      if (e.getCause() instanceof IOException lost && !(lost instanceof HttpTimeoutException)) {
        return send(request);
      }
      throw e;
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.timeout(ANSWER_TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new MlflowHttpException(response.statusCode(), response.body());
      }
      return response;
    } catch (IOException e) {
      throw new MlflowClientException(
          "no connection to " + server + ": " + e.getClass().getSimpleName(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MlflowClientException("interrupted while waiting for " + server, e);
    }
  }

  private JsonNode json(HttpResponse<String> response) {
    try {
      return Json.mapper().readTree(response.body());
    } catch (IOException e) {
      throw new MlflowClientException(server + " does not answer as an MLflow server does", e);
    }
  }
}
