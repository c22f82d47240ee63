package dev.dormouse.airflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.airflow.AirflowException.Kind;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A client of Airflow 3's REST API v2. Only reads are retried: whether a lost trigger was carried
 * out is for the caller to find out, by asking for the run's id.
 *
 * <p>Every method throws an {@link AirflowException} that says what could not be done, and what to
 * do about it.
 */
public final class AirflowClient {
  /** The most that Airflow gives at once. */
  private static final int PAGE = 100;

  private final Transport airflow;

  /**
   * A client.
   *
   * @param base address of the API server, e.g. {@code http://127.0.0.1:8080}
   * @param credentials of somebody who may trigger and read our DAGs; more is not needed, but for
   *     {@link #markFailed}, {@link #delete}, {@link #setPaused} and {@link #answer}
   */
  public AirflowClient(URI base, Credentials credentials) {
    this.airflow = new Transport(base, credentials);
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
    JsonNode run = airflow.post("trigger DAG " + dagId, dag(dagId) + "/dagRuns", body);
    return read(run, DagRun.class);
  }

  /** The run with this id; empty if Airflow says that there is none. */
  public Optional<DagRun> run(String dagId, String dagRunId) {
    try {
      JsonNode run = airflow.get("look at a run of DAG " + dagId, dagRun(dagId, dagRunId));
      return Optional.of(read(run, DagRun.class));
    } catch (AirflowException e) {
      // A wrong address answers 404, too, and knows nothing of our runs.
      if (e.kind() == Kind.NOT_FOUND && e.getMessage().contains(dagRunId)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** All runs that match, over all pages, oldest first. */
  public List<DagRun> runs(String dagId, RunFilter filter) {
    String path = dag(dagId) + "/dagRuns?order_by=id" + filter.query();
    return pages("list runs of DAG " + dagId, path, "dag_runs").stream()
        .map(run -> read(run, DagRun.class))
        .toList();
  }

  /** The tasks of a run. */
  public List<TaskInstance> tasks(String dagId, String dagRunId) {
    String path = dagRun(dagId, dagRunId) + "/taskInstances?order_by=id";
    return pages("list tasks of a run of DAG " + dagId, path, "task_instances").stream()
        .map(task -> read(task, TaskInstance.class))
        .toList();
  }

  /**
   * The last lines of a task's log, without the marks by which Airflow folds it.
   *
   * @param tryNumber which try of the task, from 1
   * @param lines how many lines at most
   */
  public List<LogLine> logTail(
      String dagId, String dagRunId, String taskId, int tryNumber, int lines) {
    String path =
        dagRun(dagId, dagRunId)
            + "/taskInstances/"
            + encoded(taskId)
            + "/logs/"
            + tryNumber
            + "?full_content=true";
    JsonNode content =
        airflow.get("read the log of task " + taskId + " of DAG " + dagId, path).path("content");
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

  /** Marks a run as failed, which ends its processes. Needs the right to edit runs. */
  public DagRun markFailed(String dagId, String dagRunId) {
    return read(
        airflow.patch(
            "stop a run of DAG " + dagId,
            dagRun(dagId, dagRunId) + "?update_mask=state",
            Map.of("state", "failed")),
        DagRun.class);
  }

  /** Deletes a run with its record. Needs the right to edit runs. */
  public void delete(String dagId, String dagRunId) {
    airflow.delete("delete a run of DAG " + dagId, dagRun(dagId, dagRunId));
  }

  /** What Airflow knows of a DAG; empty if it does not know it. */
  public Optional<Dag> look(String dagId) {
    try {
      return Optional.of(read(airflow.get("look at DAG " + dagId, dag(dagId)), Dag.class));
    } catch (AirflowException e) {
      if (e.kind() == Kind.NOT_FOUND && e.getMessage().contains(dagId)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Pauses a DAG, so that its runs wait, or lets it go on. Needs the right to edit the DAG. */
  public void setPaused(String dagId, boolean paused) {
    airflow.patch(
        (paused ? "pause" : "unpause") + " DAG " + dagId,
        dag(dagId) + "?update_mask=is_paused",
        Map.of("is_paused", paused));
  }

  /** The source of a DAG as Airflow has parsed it. */
  public String source(String dagId) {
    return airflow
        .get("read the source of DAG " + dagId, "/dagSources/" + encoded(dagId))
        .path("content")
        .asText();
  }

  /** Files that Airflow cannot parse, with the reason. */
  public Map<String, String> importErrors() {
    return pages("list import errors", "/importErrors?order_by=id", "import_errors").stream()
        .collect(
            Collectors.toMap(
                error -> error.path("filename").asText(),
                error -> error.path("stack_trace").asText(),
                (older, newer) -> newer));
  }

  /** Events of the asset with this name since an instant, oldest first. */
  public List<AssetEvent> assetEvents(String assetName, Instant since) {
    String path =
        "/assets/events?order_by=timestamp&name_pattern="
            + encoded(assetName)
            + "&timestamp_gte="
            + encoded(since.toString());
    return pages("list events of asset " + assetName, path, "asset_events").stream()
        .map(event -> read(event, AssetEvent.class))
        .toList();
  }

  /** What tasks of this DAG have asked people, answered or not, oldest first. */
  public List<Question> questions(String dagId) {
    String path = dag(dagId) + "/dagRuns/~/hitlDetails?order_by=created_at";
    return pages("list questions of DAG " + dagId, path, "hitl_details").stream()
        .map(question -> read(question, Question.class))
        .toList();
  }

  /**
   * Answers a question, as Airflow's form does. Only for people and tests: Dormouse never answers
   * its own questions.
   */
  public void answer(Question question, String option, Map<String, Object> fields) {
    TaskInstance task = question.task();
    String path =
        dagRun(task.dagId(), task.dagRunId())
            + "/taskInstances/"
            + encoded(task.taskId())
            + "/-1/hitlDetails";
    airflow.patch(
        "answer a question of DAG " + task.dagId(),
        path,
        Map.of("chosen_options", List.of(option), "params_input", fields));
  }

  /** When Airflow gave its newest answer, by its own clock; long ago if it never did. */
  public Instant lastAnswerAt() {
    return airflow.lastAnswerAt();
  }

  /** Whether the scheduler is healthy. */
  public boolean isSchedulerHealthy() {
    JsonNode health = airflow.get("ask for health", "/monitor/health");
    return health.path("scheduler").path("status").asText().equals("healthy");
  }

  private List<JsonNode> pages(String what, String path, String field) {
    List<JsonNode> all = new ArrayList<>();
    while (true) {
      JsonNode page = airflow.get(what, path + "&limit=" + PAGE + "&offset=" + all.size());
      page.path(field).forEach(all::add);
      if (page.path(field).isEmpty() || all.size() >= page.path("total_entries").asInt()) {
        return all;
      }
    }
  }

  private static String dag(String dagId) {
    return "/dags/" + encoded(dagId);
  }

  private static String dagRun(String dagId, String dagRunId) {
    return dag(dagId) + "/dagRuns/" + encoded(dagRunId);
  }

  private static <T> T read(JsonNode json, Class<T> type) {
    return Transport.JSON.convertValue(json, type);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
