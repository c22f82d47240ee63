package dev.dormouse.airflow;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.airflow.AirflowException.Kind;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A client of Airflow 3's REST API v2: triggers runs, and reads. Only reads are retried: when the
 * reply to a trigger is lost, the caller must ask for the run's id.
 *
 * <p>Every method throws an {@link AirflowException} that says what failed, and what to do.
 */
public final class AirflowClient {
  /** The largest page that Airflow returns. */
  private static final int PAGE_SIZE = 100;

  private final Transport transport;

  /**
   * A client.
   *
   * @param base URL of the API server, e.g. {@code http://127.0.0.1:8080}
   * @param credentials of an account that may trigger and read Dormouse's DAGs
   */
  public AirflowClient(URI base, Credentials credentials) {
    this.transport = new Transport(base, credentials);
  }

  /**
   * Triggers a run with a given id.
   *
   * @throws AirflowException of kind CONFLICT if the id exists; UNREACHABLE if it is unknown
   *     whether the run was triggered
   */
  public DagRun trigger(String dagId, String dagRunId, Map<String, Object> conf) {
    JsonNode run =
        transport.sendOnce(
            "trigger DAG " + dagId,
            "POST",
            dagPath(dagId) + "/dagRuns",
            new TriggerRequest(dagRunId, null, conf));
    return read(run, DagRun.class);
  }

  /** Airflow requires a logical date; null says that the run has none. */
  private record TriggerRequest(
      @JsonProperty("dag_run_id") String dagRunId,
      @JsonProperty("logical_date") String logicalDate,
      Map<String, Object> conf) {}

  /** Returns the run with this id; empty if Airflow says that there is none. */
  public Optional<DagRun> run(String dagId, String dagRunId) {
    try {
      JsonNode run = transport.get("read a run of DAG " + dagId, runPath(dagId, dagRunId));
      return Optional.of(read(run, DagRun.class));
    } catch (AirflowException e) {
      // A wrong URL also returns 404, but without the run's id.
      if (e.kind() == Kind.NOT_FOUND && e.getMessage().contains(dagRunId)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Returns the tasks of a run. */
  public List<TaskInstance> tasks(String dagId, String dagRunId) {
    String path = runPath(dagId, dagRunId) + "/taskInstances?order_by=id";
    return pages("list tasks of a run of DAG " + dagId, path, "task_instances").stream()
        .map(task -> read(task, TaskInstance.class))
        .toList();
  }

  /**
   * Returns the last lines of a task's log, without the marks of Airflow's groups.
   *
   * @param tryNumber try of the task, from 1
   * @param lines the most lines to return
   */
  public List<LogLine> logTail(
      String dagId, String dagRunId, String taskId, int tryNumber, int lines) {
    String path =
        runPath(dagId, dagRunId)
            + "/taskInstances/"
            + encoded(taskId)
            + "/logs/"
            + tryNumber
            + "?full_content=true";
    JsonNode content =
        transport.get("read the log of task " + taskId + " of DAG " + dagId, path).path("content");
    List<LogLine> all =
        StreamSupport.stream(content.spliterator(), false)
            .map(
                line ->
                    line.isTextual()
                        ? new LogLine("", line.asText())
                        : new LogLine(line.path("level").asText(), line.path("event").asText()))
            .filter(line -> !line.text().matches("::(end)?group::.*"))
            .toList();
    return all.subList(Math.max(0, all.size() - lines), all.size());
  }

  /** Returns the state of a DAG; empty if Airflow does not know it. */
  public Optional<Dag> dag(String dagId) {
    try {
      return Optional.of(read(transport.get("read DAG " + dagId, dagPath(dagId)), Dag.class));
    } catch (AirflowException e) {
      if (e.kind() == Kind.NOT_FOUND && e.getMessage().contains(dagId)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Returns the source of a DAG as Airflow has parsed it. */
  public String source(String dagId) {
    return transport
        .get("read the source of DAG " + dagId, "/dagSources/" + encoded(dagId))
        .path("content")
        .asText();
  }

  /** Returns the questions that tasks of this DAG ask people, answered or not, oldest first. */
  public List<Question> questions(String dagId) {
    String path = dagPath(dagId) + "/dagRuns/~/hitlDetails?order_by=created_at";
    return pages("list questions of DAG " + dagId, path, "hitl_details").stream()
        .map(question -> read(question, Question.class))
        .toList();
  }

  /** Returns the time of the newest reply by Airflow's clock; {@link Instant#MIN} without one. */
  public Instant lastReplyAt() {
    return transport.lastReplyAt();
  }

  /** Returns whether the scheduler is healthy. */
  public boolean isSchedulerHealthy() {
    JsonNode health = transport.get("ask for health", "/monitor/health");
    return health.path("scheduler").path("status").asText().equals("healthy");
  }

  /** Returns the elements of a field over all pages. */
  private List<JsonNode> pages(String what, String path, String field) {
    List<JsonNode> all = new ArrayList<>();
    while (true) {
      JsonNode page = transport.get(what, path + "&limit=" + PAGE_SIZE + "&offset=" + all.size());
      page.path(field).forEach(all::add);
      if (page.path(field).isEmpty() || all.size() >= page.path("total_entries").asInt()) {
        return all;
      }
    }
  }

  private static String dagPath(String dagId) {
    return "/dags/" + encoded(dagId);
  }

  private static String runPath(String dagId, String dagRunId) {
    return dagPath(dagId) + "/dagRuns/" + encoded(dagRunId);
  }

  private static <T> T read(JsonNode json, Class<T> type) {
    return Transport.JSON.convertValue(json, type);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
