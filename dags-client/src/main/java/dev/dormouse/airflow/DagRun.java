package dev.dormouse.airflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * A run of a DAG, as far as we read it.
 *
 * @param dagId the DAG
 * @param dagRunId id of the run, unique in its DAG
 * @param state queued, running, success or failed
 * @param startDate start in ISO-8601, null before it starts
 * @param endDate end in ISO-8601, null before it ends
 * @param conf what it was triggered with
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DagRun(
    @JsonProperty("dag_id") String dagId,
    @JsonProperty("dag_run_id") String dagRunId,
    String state,
    @JsonProperty("start_date") String startDate,
    @JsonProperty("end_date") String endDate,
    Map<String, Object> conf) {
  public DagRun {
    // Values may be null.
    conf = conf == null ? Map.of() : Collections.unmodifiableMap(new HashMap<>(conf));
  }
}
