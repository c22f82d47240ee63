package dev.dormouse.airflow;

import java.time.Instant;
import java.util.Optional;

/**
 * Which runs of a DAG are wanted.
 *
 * @param idPrefix how their ids begin; empty for any
 * @param state queued, running, success or failed
 * @param updatedSince changed at or after this instant
 */
public record RunFilter(String idPrefix, Optional<String> state, Optional<Instant> updatedSince) {
  /** Runs whose ids begin so. */
  public static RunFilter idPrefix(String prefix) {
    return new RunFilter(prefix, Optional.empty(), Optional.empty());
  }

  String query() {
    return (idPrefix.isEmpty() ? "" : "&run_id_prefix_pattern=" + AirflowClient.encoded(idPrefix))
        + state.map(s -> "&state=" + AirflowClient.encoded(s)).orElse("")
        + updatedSince
            .map(at -> "&updated_at_gte=" + AirflowClient.encoded(at.toString()))
            .orElse("");
  }
}
