package dev.dormouse.airflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A task of a run: the fields that Dormouse reads.
 *
 * @param dagId the DAG
 * @param dagRunId the run
 * @param taskId the task
 * @param tryNumber number of its newest try, from 1; 0 before the first
 * @param state none (null), scheduled, queued, running, awaiting_input, success, failed and others
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TaskInstance(
    @JsonProperty("dag_id") String dagId,
    @JsonProperty("dag_run_id") String dagRunId,
    @JsonProperty("task_id") String taskId,
    @JsonProperty("try_number") int tryNumber,
    String state) {}
