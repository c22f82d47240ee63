package dev.dormouse.airflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a task asked people, and what they answered: Airflow's human in the loop.
 *
 * @param subject its headline
 * @param task the task that asks
 * @param answered whether there is an answer, be it by time-out
 * @param options the chosen options; empty before the answer
 * @param fields the fields of the form
 * @param answeredBy who answered; null before, and for a time-out
 * @param answeredAt when, in ISO-8601, null before
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Question(
    String subject,
    @JsonProperty("task_instance") TaskInstance task,
    @JsonProperty("response_received") boolean answered,
    @JsonProperty("chosen_options") List<String> options,
    @JsonProperty("params_input") Map<String, Object> fields,
    @JsonProperty("responded_by_user") User answeredBy,
    @JsonProperty("responded_at") String answeredAt) {
  public Question {
    options = options == null ? List.of() : List.copyOf(options);
    // A field that was left empty is null.
    fields = fields == null ? Map.of() : Collections.unmodifiableMap(new HashMap<>(fields));
  }

  /** Somebody with an account. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record User(String id, String name) {}
}
