package dev.dormouse.airflow;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * What people do in Airflow and tests do for them: answer forms, pause DAGs, stop and delete runs.
 * Dormouse itself does none of it, so its client cannot.
 */
public final class AirflowAdmin {
  private final Transport transport;
  private final AirflowClient client;

  /** An administrator of this Airflow. */
  public AirflowAdmin(URI base, Credentials credentials) {
    this.transport = new Transport(base, credentials);
    this.client = new AirflowClient(base, credentials);
  }

  private record Answer(
      @JsonProperty("chosen_options") List<String> options,
      @JsonProperty("params_input") Map<String, Object> fields) {}

  private record State(String state) {}

  private record Pause(@JsonProperty("is_paused") boolean paused) {}

  /** Returns Dormouse's client with the administrator's rights. */
  public AirflowClient client() {
    return client;
  }

  /** Answers a question, as Airflow's form does. */
  public void answer(Question question, String option, Map<String, Object> fields) {
    TaskInstance task = question.task();
    transport.sendOnce(
        "answer a question of DAG " + task.dagId(),
        "PATCH",
        run(task.dagId(), task.dagRunId())
            + "/taskInstances/"
            + encoded(task.taskId())
            + "/-1/hitlDetails",
        new Answer(List.of(option), fields));
  }

  /** Marks a run as failed, which ends its processes. */
  public void markFailed(String dagId, String dagRunId) {
    transport.sendOnce(
        "stop a run of DAG " + dagId,
        "PATCH",
        run(dagId, dagRunId) + "?update_mask=state",
        new State("failed"));
  }

  /** Deletes a run with its record. */
  public void delete(String dagId, String dagRunId) {
    transport.sendOnce("delete a run of DAG " + dagId, "DELETE", run(dagId, dagRunId), Map.of());
  }

  /** Pauses a DAG, so that its runs wait. */
  public void pause(String dagId) {
    setPaused(dagId, new Pause(true));
  }

  /** Lets the runs of a DAG go on. */
  public void unpause(String dagId) {
    setPaused(dagId, new Pause(false));
  }

  private void setPaused(String dagId, Pause pause) {
    transport.sendOnce(
        "pause or unpause DAG " + dagId, "PATCH", dag(dagId) + "?update_mask=is_paused", pause);
  }

  /** Returns the first hundred runs of a DAG whose ids have this prefix. */
  public List<DagRun> runs(String dagId, String idPrefix) {
    String path = "/dagRuns?order_by=id&limit=100&run_id_prefix_pattern=" + encoded(idPrefix);
    JsonNode runs = transport.get("list runs", dag(dagId) + path).path("dag_runs");
    return StreamSupport.stream(runs.spliterator(), false)
        .map(run -> Transport.JSON.convertValue(run, DagRun.class))
        .toList();
  }

  /** Returns why Airflow cannot parse files. */
  public List<String> importErrors() {
    return texts(
        transport.get("list import errors", "/importErrors").path("import_errors"), "stack_trace");
  }

  /** Returns the times of the events of an asset since an instant. */
  public List<String> assetEvents(String assetName, Instant since) {
    String path =
        "/assets/events?order_by=timestamp&name_pattern="
            + encoded(assetName)
            + "&timestamp_gte="
            + encoded(since.toString());
    return texts(transport.get("list asset events", path).path("asset_events"), "timestamp");
  }

  private static List<String> texts(JsonNode elements, String field) {
    return StreamSupport.stream(elements.spliterator(), false)
        .map(element -> element.path(field).asText())
        .toList();
  }

  private static String dag(String dagId) {
    return "/dags/" + encoded(dagId);
  }

  private static String run(String dagId, String dagRunId) {
    return dag(dagId) + "/dagRuns/" + encoded(dagRunId);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
