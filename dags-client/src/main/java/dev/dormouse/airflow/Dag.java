package dev.dormouse.airflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A DAG, as far as we read it.
 *
 * @param dagId its id
 * @param paused whether its runs wait
 * @param hasImportErrors whether its file cannot be parsed any more
 * @param stale whether its file is gone
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Dag(
    @JsonProperty("dag_id") String dagId,
    @JsonProperty("is_paused") boolean paused,
    @JsonProperty("has_import_errors") boolean hasImportErrors,
    @JsonProperty("is_stale") boolean stale) {}
