package dev.dormouse.airflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.airflow.AirflowException.Kind;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;

/**
 * Requests to Airflow's API server and their answers as JSON: with a token, within a time limit,
 * and again where that is safe, which it is for reads alone.
 */
final class Transport {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int UNAUTHORIZED = 401;
  private static final int SERVER_ERROR = 500;
  static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final Credentials credentials;
  // HTTP/1.1: the client's upgrade to HTTP/2 makes uvicorn servers drop request bodies.
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /**
   * After so many requests in a row without an answer the next ones are not even tried for a while:
   * a tick may have a hundred questions, and must not wait for the end of each.
   */
  private final CircuitBreaker<Object> silence =
      CircuitBreaker.builder().withFailureThreshold(3).withDelay(Duration.ofSeconds(30)).build();

  private final RetryPolicy<HttpResponse<String>> reads =
      RetryPolicy.<HttpResponse<String>>builder()
          .handleIf(
              failure ->
                  failure instanceof AirflowException e
                      && e.kind() == Kind.UNREACHABLE
                      && silence.isClosed())
          .handleResultIf(response -> response.statusCode() >= SERVER_ERROR)
          .withMaxRetries(2)
          .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(2))
          .build();

  private Optional<String> token = Optional.empty();
  private Instant lastAnswerAt = Instant.MIN;

  Transport(URI base, Credentials credentials) {
    this.base = URI.create(base.toString().replaceAll("/+$", ""));
    this.credentials = credentials;
  }

  /** When the newest answer was given, by Airflow's clock. */
  Instant lastAnswerAt() {
    return lastAnswerAt;
  }

  JsonNode get(String what, String path) {
    return answer(what, Failsafe.with(reads).get(() -> authorized(what, "GET", path, "")));
  }

  JsonNode post(String what, String path, Map<String, Object> body) {
    return answer(what, authorized(what, "POST", path, written(body)));
  }

  JsonNode patch(String what, String path, Map<String, Object> body) {
    return answer(what, authorized(what, "PATCH", path, written(body)));
  }

  void delete(String what, String path) {
    answer(what, authorized(what, "DELETE", path, ""));
  }

  private JsonNode answer(String what, HttpResponse<String> response) {
    int status = response.statusCode();
    if (status < 300) {
      return tree(response);
    }
    Kind kind =
        switch (status) {
          case UNAUTHORIZED, 403 -> Kind.UNAUTHORIZED;
          case 404 -> Kind.NOT_FOUND;
          case 409 -> Kind.CONFLICT;
          default -> status >= SERVER_ERROR ? Kind.SERVER_ERROR : Kind.REJECTED;
        };
    throw new AirflowException(
        kind, "Cannot " + what + " at " + base + ": " + status + detail(response) + remedy(kind));
  }

  private String remedy(Kind kind) {
    return switch (kind) {
      case UNAUTHORIZED -> "; check " + credentials + " and its rights on this DAG";
      case NOT_FOUND -> "; check that our DAGs are deployed there and parse";
      case CONFLICT -> "; ask for the run with that id and compare";
      case SERVER_ERROR -> "; look at the API server's log, the next tick tries again";
      default -> "";
    };
  }

  /** What Airflow says about its refusal; what it says of its own errors differs each time. */
  private static String detail(HttpResponse<String> response) {
    if (response.statusCode() >= SERVER_ERROR) {
      return "";
    }
    try {
      JsonNode detail = JSON.readTree(response.body()).path("detail");
      return detail.isMissingNode()
          ? ""
          : " " + (detail.isTextual() ? detail.asText() : detail.toString());
    } catch (IOException e) {
      return "";
    }
  }

  /** Sends with a token, and once more with a fresh one if the token is refused. */
  private HttpResponse<String> authorized(String what, String method, String path, String body) {
    HttpResponse<String> response =
        exchange(what, request(method, "/api/v2" + path, body, Optional.of(token())));
    if (response.statusCode() != UNAUTHORIZED) {
      return response;
    }
    token = Optional.empty();
    return exchange(what, request(method, "/api/v2" + path, body, Optional.of(token())));
  }

  private String token() {
    if (token.isEmpty()) {
      token = Optional.of(issued());
    }
    return token.get();
  }

  private String issued() {
    if (credentials instanceof Credentials.Token ready) {
      return ready.token();
    }
    if (credentials instanceof Credentials.TokenCommand command) {
      return command.run();
    }
    Credentials.Password account = (Credentials.Password) credentials;
    String body = written(Map.of("username", account.user(), "password", account.password()));
    String what = "log in as " + account.user();
    HttpResponse<String> response =
        exchange(what, request("POST", "/auth/token", body, Optional.empty()));
    return answer(what, response).path("access_token").asText();
  }

  private HttpRequest request(String method, String path, String body, Optional<String> bearer) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(TIMEOUT)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json");
    bearer.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    return request.build();
  }

  private HttpResponse<String> exchange(String what, HttpRequest request) {
    if (!silence.tryAcquirePermit()) {
      throw unreachable(what, null);
    }
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      silence.recordSuccess();
      response
          .headers()
          .firstValue("date")
          .map(date -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from))
          .ifPresent(date -> lastAnswerAt = date);
      return response;
    } catch (IOException e) {
      silence.recordFailure();
      throw unreachable(what, e);
    } catch (InterruptedException e) {
      silence.recordFailure();
      Thread.currentThread().interrupt();
      throw new AirflowException(Kind.UNREACHABLE, "Cannot " + what + ": interrupted", e);
    }
  }

  private AirflowException unreachable(String what, IOException cause) {
    return new AirflowException(
        Kind.UNREACHABLE,
        "Cannot " + what + ": " + base + " gave no answer; see whether its API server runs",
        cause);
  }

  private static String written(Map<String, Object> body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (IOException e) {
      throw new IllegalArgumentException("Not JSON: " + body, e);
    }
  }

  private JsonNode tree(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new AirflowException(
          Kind.SERVER_ERROR, base + " answered something that is no JSON; is it an Airflow 3?", e);
    }
  }
}
