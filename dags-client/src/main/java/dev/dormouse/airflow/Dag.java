package dev.dormouse.airflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A DAG: the fields that Dormouse reads.
 *
 * @param paused whether new runs stay queued
 * @param hasImportErrors whether its file cannot be parsed
 * @param stale whether its file is gone
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Dag(
    @JsonProperty("is_paused") boolean paused,
    @JsonProperty("has_import_errors") boolean hasImportErrors,
    @JsonProperty("is_stale") boolean stale) {}
