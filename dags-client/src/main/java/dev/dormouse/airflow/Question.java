package dev.dormouse.airflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A question of a task to people, with their answer: Airflow's human-in-the-loop operators.
 *
 * @param subject its headline
 * @param task the task that asks
 * @param answered whether it has an answer, which may be that of a time-out
 * @param options chosen options; empty before the answer
 * @param fields fields of the form with the values that were entered
 * @param answeredBy account that answered; null before the answer, and for a time-out
 * @param answeredAt time of the answer in ISO-8601; null before
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

  /** An account of Airflow. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record User(String id, String name) {}
}
