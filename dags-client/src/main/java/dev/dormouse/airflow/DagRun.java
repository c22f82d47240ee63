package dev.dormouse.airflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * A run of a DAG: the fields that Dormouse reads.
 *
 * @param dagRunId id of the run, unique in its DAG
 * @param state queued, running, success or failed
 * @param conf the configuration that it was triggered with
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DagRun(
    @JsonProperty("dag_run_id") String dagRunId, String state, Map<String, Object> conf) {
  public DagRun {
    // Values may be null.
    conf = conf == null ? Map.of() : Collections.unmodifiableMap(new HashMap<>(conf));
  }
}
