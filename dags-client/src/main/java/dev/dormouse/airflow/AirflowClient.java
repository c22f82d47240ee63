package dev.dormouse.airflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.airflow.AirflowException.Kind;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client of Airflow 3's REST API v2. Only reads are retried: whether a lost trigger was carried
 * out is for the caller to find out, by asking for the run's id.
 */
public final class AirflowClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int PAGE = 100;
  private static final int UNAUTHORIZED = 401;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final String user;
  private final String password;
  // HTTP/1.1: the client's upgrade to HTTP/2 makes uvicorn servers drop request bodies.
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final RetryPolicy<HttpResponse<String>> reads =
      RetryPolicy.<HttpResponse<String>>builder()
          .handle(AirflowException.class)
          .handleIf(
              failure -> failure instanceof AirflowException e && e.kind() == Kind.UNREACHABLE)
          .handleResultIf(response -> response.statusCode() >= 500)
          .withMaxRetries(2)
          .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(2))
          .build();
  private Optional<String> token = Optional.empty();

  /**
   * A client.
   *
   * @param base address of the API server, e.g. {@code http://127.0.0.1:8080}
   * @param user account that may trigger and read our DAGs
   * @param password its password
   */
  public AirflowClient(URI base, String user, String password) {
    this.base = base;
    this.user = user;
    this.password = password;
  }

  /**
   * Triggers a run under an id of our choice.
   *
   * @throws AirflowException of kind CONFLICT if the id is taken; UNREACHABLE if it is not known
   *     whether it was triggered
   */
  public DagRun trigger(String dagId, String dagRunId, Map<String, Object> conf) {
    Map<String, Object> body = new HashMap<>();
    body.put("dag_run_id", dagRunId);
    body.put("logical_date", null);
    body.put("conf", conf);
    return read(
        send(
            "trigger DAG " + dagId,
            "POST",
            "/dags/" + encoded(dagId) + "/dagRuns",
            Optional.of(body)),
        DagRun.class);
  }

  /** The run with this id; empty if there is none. */
  public Optional<DagRun> run(String dagId, String dagRunId) {
    try {
      String path = "/dags/" + encoded(dagId) + "/dagRuns/" + encoded(dagRunId);
      return Optional.of(
          read(
              send("look at run " + dagRunId + " of DAG " + dagId, "GET", path, Optional.empty()),
              DagRun.class));
    } catch (AirflowException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** All runs whose id begins so, over all pages. */
  public List<DagRun> runs(String dagId, String idPrefix) {
    List<DagRun> runs = new ArrayList<>();
    while (true) {
      String path =
          "/dags/"
              + encoded(dagId)
              + "/dagRuns?limit="
              + PAGE
              + "&offset="
              + runs.size()
              + "&run_id_prefix_pattern="
              + encoded(idPrefix);
      JsonNode page = tree(send("list runs of DAG " + dagId, "GET", path, Optional.empty()));
      page.path("dag_runs").forEach(run -> runs.add(JSON.convertValue(run, DagRun.class)));
      if (page.path("dag_runs").isEmpty() || runs.size() >= page.path("total_entries").asInt()) {
        return List.copyOf(runs);
      }
    }
  }

  /** Marks a run as failed, which ends its processes. */
  public DagRun markFailed(String dagId, String dagRunId) {
    String path =
        "/dags/" + encoded(dagId) + "/dagRuns/" + encoded(dagRunId) + "?update_mask=state";
    return read(
        send(
            "stop run " + dagRunId + " of DAG " + dagId,
            "PATCH",
            path,
            Optional.of(Map.of("state", "failed"))),
        DagRun.class);
  }

  /** Whether the scheduler is healthy. */
  public boolean isSchedulerHealthy() {
    JsonNode health = tree(send("ask for health", "GET", "/monitor/health", Optional.empty()));
    return health.path("scheduler").path("status").asText().equals("healthy");
  }

  private HttpResponse<String> send(
      String what, String method, String path, Optional<Map<String, Object>> body) {
    HttpResponse<String> response =
        method.equals("GET")
            ? Failsafe.with(reads).get(() -> authorized(what, method, path, body))
            : authorized(what, method, path, body);
    int status = response.statusCode();
    if (status < 300) {
      return response;
    }
    Kind kind =
        switch (status) {
          case UNAUTHORIZED, 403 -> Kind.UNAUTHORIZED;
          case 404 -> Kind.NOT_FOUND;
          case 409 -> Kind.CONFLICT;
          default -> status >= 500 ? Kind.SERVER_ERROR : Kind.REJECTED;
        };
    throw new AirflowException(
        kind,
        "Cannot " + what + " at " + base + ": " + status + " " + detail(response) + remedy(kind));
  }

  private String remedy(Kind kind) {
    return switch (kind) {
      case UNAUTHORIZED -> "; check the account " + user + " and its rights on this DAG";
      case NOT_FOUND -> "; check that our DAGs are deployed there and parse";
      case CONFLICT -> "; ask for the run with that id and compare";
      case SERVER_ERROR -> "; look at the API server's log, the next tick tries again";
      default -> "";
    };
  }

  /** Sends with a token, and once more with a fresh one if the token is refused. */
  private HttpResponse<String> authorized(
      String what, String method, String path, Optional<Map<String, Object>> body) {
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
      HttpResponse<String> response =
          exchange(
              "log in",
              request(
                  "POST",
                  "/auth/token",
                  Optional.of(Map.of("username", user, "password", password)),
                  Optional.empty()));
      if (response.statusCode() >= 300) {
        throw new AirflowException(
            Kind.UNAUTHORIZED,
            "Cannot log in at "
                + base
                + " as "
                + user
                + ": "
                + response.statusCode()
                + remedy(Kind.UNAUTHORIZED));
      }
      token = Optional.of(tree(response).path("access_token").asText());
    }
    return token.get();
  }

  private HttpRequest request(
      String method, String path, Optional<Map<String, Object>> body, Optional<String> bearer) {
    HttpRequest.BodyPublisher content =
        body.map(map -> HttpRequest.BodyPublishers.ofString(written(map)))
            .orElse(HttpRequest.BodyPublishers.noBody());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(TIMEOUT)
            .method(method, content)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json");
    bearer.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    return request.build();
  }

  private HttpResponse<String> exchange(String what, HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AirflowException(
          Kind.UNREACHABLE, "Cannot " + what + ": " + base + " gave no answer (" + e + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AirflowException(Kind.UNREACHABLE, "Cannot " + what + ": interrupted", e);
    }
  }

  private static String written(Map<String, Object> body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (IOException e) {
      throw new IllegalArgumentException("Not JSON: " + body, e);
    }
  }

  private static <T> T read(HttpResponse<String> response, Class<T> type) {
    return JSON.convertValue(tree(response), type);
  }

  private static JsonNode tree(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new AirflowException(
          Kind.SERVER_ERROR, "Airflow answered something that is no JSON: " + response.body(), e);
    }
  }

  private static String detail(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body()).path("detail").toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
