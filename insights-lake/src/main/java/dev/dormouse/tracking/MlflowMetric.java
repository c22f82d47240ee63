package dev.dormouse.tracking;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * A value of a metric.
 *
 * @param key name of the metric
 * @param value MLflow stores an infinity as the largest double; here it is infinite
 * @param timestamp when it was logged, in milliseconds since 1970
 * @param step step of the training
 * @param modelId the logged model that it belongs to, if any
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record MlflowMetric(
    String key,
    double value,
    long timestamp,
    long step,
    @JsonProperty("model_id") Optional<String> modelId) {
  public MlflowMetric {
    value = Math.abs(value) == Double.MAX_VALUE ? value * 2 : value;
    modelId = modelId == null ? Optional.empty() : modelId;
  }

  /** A value that belongs to no model. */
  public MlflowMetric(String key, double value, long timestamp, long step) {
    this(key, value, timestamp, step, Optional.empty());
  }

  /** Returns the same value as one of a logged model. */
  public MlflowMetric ofModel(String id) {
    return new MlflowMetric(key, value, timestamp, step, Optional.of(id));
  }
}
