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
import java.util.Optional;

/**
 * Sends requests to Airflow's API server with a token and a time limit, and parses the replies.
 * Retries reads only: anything else might be carried out twice.
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
   * After three requests in a row without a reply the next ones fail at once for a while: a tick
   * may send a hundred requests, and must not wait for the time limit of each.
   */
  private final CircuitBreaker<Object> breaker =
      CircuitBreaker.builder().withFailureThreshold(3).withDelay(Duration.ofSeconds(30)).build();

  private final RetryPolicy<HttpResponse<String>> retries =
      RetryPolicy.<HttpResponse<String>>builder()
          .handleIf(
              failure ->
                  failure instanceof AirflowException e
                      && e.kind() == Kind.UNREACHABLE
                      && breaker.isClosed())
          .handleResultIf(response -> response.statusCode() >= SERVER_ERROR)
          .withMaxRetries(2)
          .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(2))
          .build();

  private Optional<String> token = Optional.empty();
  private Instant lastReplyAt = Instant.MIN;

  Transport(URI base, Credentials credentials) {
    this.base = URI.create(base.toString().replaceAll("/+$", ""));
    this.credentials = credentials;
  }

  /** Returns the time of the newest reply by Airflow's clock; {@link Instant#MIN} without one. */
  Instant lastReplyAt() {
    return lastReplyAt;
  }

  /**
   * Reads, and retries on failures of connection or server.
   *
   * @param what completes the message "Cannot ..."
   * @param path below {@code /api/v2}
   */
  JsonNode get(String what, String path) {
    return checked(what, Failsafe.with(retries).get(() -> authorized(what, "GET", path, "")));
  }

  /**
   * Sends a request that changes something. Not retried: on a failure of kind UNREACHABLE the
   * caller must check whether it took effect.
   */
  JsonNode sendOnce(String what, String method, String path, Object body) {
    return checked(what, authorized(what, method, path, json(body)));
  }

  private JsonNode checked(String what, HttpResponse<String> response) {
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
      case NOT_FOUND -> "; check that Dormouse's DAGs are deployed there and parse";
      case CONFLICT -> "; ask for the run with that id and compare";
      case SERVER_ERROR -> "; read the API server's log; the next tick tries again";
      default -> "";
    };
  }

  /**
   * Returns the reason of a refusal. Details of server errors are left out: they differ each time.
   */
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

  /** Sends with a token, and once more with a new one if the token is refused. */
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
      token = Optional.of(newToken());
    }
    return token.get();
  }

  private String newToken() {
    if (credentials instanceof Credentials.Token ready) {
      return ready.token();
    }
    if (credentials instanceof Credentials.TokenCommand command) {
      return command.run();
    }
    Credentials.Password account = (Credentials.Password) credentials;
    String body = json(new Login(account.user(), account.password()));
    String what = "log in as " + account.user();
    HttpResponse<String> response =
        exchange(what, request("POST", "/auth/token", body, Optional.empty()));
    return checked(what, response).path("access_token").asText();
  }

  private record Login(String username, String password) {}

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
    if (!breaker.tryAcquirePermit()) {
      throw unreachable(what, null);
    }
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      breaker.recordSuccess();
      response
          .headers()
          .firstValue("date")
          .map(date -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from))
          .ifPresent(date -> lastReplyAt = date);
      return response;
    } catch (IOException e) {
      breaker.recordFailure();
      throw unreachable(what, e);
    } catch (InterruptedException e) {
      breaker.recordFailure();
      Thread.currentThread().interrupt();
      throw new AirflowException(Kind.UNREACHABLE, "Cannot " + what + ": interrupted", e);
    }
  }

  private AirflowException unreachable(String what, IOException cause) {
    return new AirflowException(
        Kind.UNREACHABLE,
        "Cannot " + what + ": " + base + " gave no answer; check that its API server is running",
        cause);
  }

  private static String json(Object body) {
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
          Kind.SERVER_ERROR,
          base + " replied with something that is not JSON; check that it is an Airflow 3",
          e);
    }
  }
}
