package dev.dormouse.tracking;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/** Params, tags and metrics to add to a run by one request. */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RunBatch(
    String runId, List<MlflowEntry> params, List<MlflowEntry> tags, List<MlflowMetric> metrics) {
  public RunBatch {
    params = List.copyOf(params);
    tags = List.copyOf(tags);
    metrics = List.copyOf(metrics);
  }
}
