package dev.dormouse.airflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * An event of an asset.
 *
 * @param sourceDagId the DAG whose task emitted it
 * @param sourceRunId its run
 * @param timestamp when, in ISO-8601
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AssetEvent(
    @JsonProperty("source_dag_id") String sourceDagId,
    @JsonProperty("source_run_id") String sourceRunId,
    String timestamp) {}
