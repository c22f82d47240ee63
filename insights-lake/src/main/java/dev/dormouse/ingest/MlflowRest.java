package dev.dormouse.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.table.Json;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** MLflow's REST API, version 2.0, which all servers since 1.0 speak. */
final class MlflowRest implements MlflowApi {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final int EXPERIMENTS_A_PAGE = 1_000;
  private static final int POINTS_A_PAGE = 10_000;

  private final URI server;
  private final HttpClient http;
  private final RetryPolicy<HttpResponse<String>> retries;

  MlflowRest(URI server) {
    this.server = server;
    // HTTP/1.1: an offer to upgrade makes MLflow's server drop the bodies of requests.
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    this.retries =
        RetryPolicy.<HttpResponse<String>>builder()
            .handle(IOException.class)
            .handleResultIf(answer -> isBusy(answer.statusCode()))
            .withMaxRetries(3)
            .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(2))
            .build();
  }

  private static boolean isBusy(int status) {
    return status >= 500 || status == 429;
  }

  @Override
  public List<Experiment> experiments() {
    List<Experiment> experiments = new ArrayList<>();
    Optional<String> token = Optional.empty();
    do {
      ObjectNode question = Json.mapper().createObjectNode().put("max_results", EXPERIMENTS_A_PAGE);
      token.ifPresent(page -> question.put("page_token", page));
      JsonNode answer = post("experiments/search", question);
      for (JsonNode each : answer.path("experiments")) {
        experiments.add(
            new Experiment(each.path("experiment_id").asText(), each.path("name").asText()));
      }
      token = next(answer);
    } while (token.isPresent());
    return experiments;
  }

  @Override
  public Page runs(String experimentId, String filter, Optional<String> token, int size) {
    ObjectNode question =
        Json.mapper()
            .createObjectNode()
            .put("filter", filter)
            .put("run_view_type", "ACTIVE_ONLY")
            .put("max_results", size);
    question.putArray("experiment_ids").add(experimentId);
    question.putArray("order_by").add("attributes.end_time ASC");
    token.ifPresent(page -> question.put("page_token", page));
    JsonNode answer = post("runs/search", question);
    List<JsonNode> runs = new ArrayList<>();
    answer.path("runs").forEach(runs::add);
    return new Page(List.copyOf(runs), next(answer));
  }

  @Override
  public List<Point> history(String runId, String metric, int most) {
    List<Point> points = new ArrayList<>();
    Optional<String> token = Optional.empty();
    do {
      String page = token.map(text -> "&page_token=" + encoded(text)).orElse("");
      JsonNode answer =
          get(
              "metrics/get-history?run_id="
                  + encoded(runId)
                  + "&metric_key="
                  + encoded(metric)
                  + "&max_results="
                  + Math.min(POINTS_A_PAGE, most)
                  + page);
      for (JsonNode point : answer.path("metrics")) {
        points.add(
            new Point(
                point.path("step").asLong(),
                point.path("timestamp").asLong(),
                MlflowRow.number(point.path("value"))));
      }
      token = next(answer);
    } while (token.isPresent() && points.size() < most);
    return points.subList(0, Math.min(points.size(), most));
  }

  private static Optional<String> next(JsonNode answer) {
    return Optional.of(answer.path("next_page_token").asText("")).filter(token -> !token.isEmpty());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private JsonNode post(String path, JsonNode question) {
    return answer(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(question.toString()))
            .build());
  }

  private JsonNode get(String path) {
    return answer(request(path).GET().build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + "/api/2.0/mlflow/" + path));
  }

  private JsonNode answer(HttpRequest request) {
    HttpResponse<String> response;
    try {
      response = Failsafe.with(retries).get(() -> send(request));
    } catch (FailsafeException e) {
      throw new SourceUnreachableException(
          "MLflow at "
              + server
              + " cannot be reached ("
              + e.getCause().getClass().getSimpleName()
              + "); start it, or correct the URL",
          e);
    }
    int status = response.statusCode();
    if (isBusy(status)) {
      throw new SourceUnreachableException(
          "MLflow at " + server + " answers with error " + status + "; try again later", null);
    }
    if (status == 401 || status == 403) {
      throw new ImportException(
          "MLflow at "
              + server
              + " refuses access ("
              + status
              + "); servers that ask for a password cannot be imported from yet");
    }
    return content(response);
  }

  private JsonNode content(HttpResponse<String> response) {
    JsonNode content;
    try {
      content = Json.mapper().readTree(response.body());
    } catch (JsonProcessingException e) {
      throw notMlflow("no JSON", response, e);
    }
    if (!content.isObject()) {
      throw notMlflow("no JSON object", response, null);
    }
    if (response.statusCode() >= 300 && content.hasNonNull("error_code")) {
      throw new ImportException(
          "MLflow at "
              + server
              + " refuses a question: "
              + content.path("message").asText().lines().findFirst().orElse("")
              + " ("
              + content.path("error_code").asText()
              + ")");
    }
    if (response.statusCode() >= 300) {
      throw notMlflow("an error", response, null);
    }
    return content;
  }

  private ImportException notMlflow(
      String got, HttpResponse<String> response, JsonProcessingException cause) {
    return new ImportException(
        server
            + " does not answer as an MLflow server does: "
            + response.uri().getPath()
            + " gives "
            + got
            + " (status "
            + response.statusCode()
            + "); name the address that MLflow's pages are shown at",
        cause);
  }

  /** With a limit for the whole answer; the client's own ends with the headers. */
  private HttpResponse<String> send(HttpRequest request) throws IOException {
    var answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    try {
      return answer.get(ANSWER_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer within " + ANSWER_TIMEOUT, e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceUnreachableException("Interrupted while waiting for " + server, e);
    }
  }
}
